-- One row per report, quantity and place: totals of cities, and of China, as reports print them. Each edition of a report is a list of
-- its year, or of the years it adds up, that names only the cities it prints. San Francisco alone is not the Bay Area, so a count of
-- it stands under no city of the index. Companies that may become unicorns are backed ones, of which such a report names the best.
with quantities as (
    select *
    from
        (values
            ('unicorns', 'unicorns'),
            ('potential_unicorns', 'backed_companies'),
            ('deals_received', 'deals_received'),
            ('deals_originated', 'deals_originated'),
            ('exits', 'exits')
        ) as q (metric, quantity)
),

figures as (
    select
        *,
        substr(edition_or_year, 1, 4) as year_text,
        nullif(regexp_extract(edition_or_year, '^[0-9]{4} to ([0-9]{4})$', 1), '') as last_text
    from core.published_statistics
    where number is not null and regexp_matches(edition_or_year, '^[0-9]{4}(-[0-9]{2}| to [0-9]{4}$|$)')
)

select
    q.quantity,  -- What is counted. #not_null #unique with list, city
    'published: ' || f.source || case
        when contains(f.source, f.year_text) then ''
        when f.last_text is not null then ' ' || f.edition_or_year
        else ' ' || substr(f.edition_or_year, 1, 7)
    end
        as list,  -- Report and edition. #not_null
    f.city,  -- City; or China, of which it is the whole. #not_null
    c.country,  -- Code of the country whose whole it is; null if it is a city's.
    cast(f.year_text as integer) as year,  -- Year of the edition, or the first year that it adds up. #not_null
    cast(coalesce(f.last_text, f.year_text) as integer) as year_to,  -- The last year. #check year_to >= year
    f.number as n,  -- Number printed. #check n >= 0
    f.source,  -- Publication.
    f.url,  -- Address.
    f.source_file,  -- File the row came from.
    f.source_row  -- Line in that file.
from figures as f
inner join quantities as q on q.metric = f.metric
left join core.cities as t on t.city = f.city
left join core.countries as c on c.written = lower(f.city) and t.city is null
