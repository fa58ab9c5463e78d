-- One row per company as a source lists it. Which rows are the same company is decided in core.names.
with mapped as (
    select
        b.dataset,
        b.key,
        b.company,
        b.company_other,
        c.country,
        b.region,
        b.place,
        b.founded,
        b.source_file,
        b.source_row,
        row_number() over (partition by b.dataset, b.key order by b.source_row, b.source_file) as turn
    from branches as b
    left join core.countries as c on c.written = lower(b.country)
    where b.company is not null
)

select
    m.dataset || '/company:' || m.key as mention,  -- Source and its own key. #unique #not_null
    m.dataset,  -- Source. #not_null
    s.priority as source_priority,  -- Order in which sources are preferred where they differ; 1 is the register. #not_null
    m.key,  -- The source's own key for the company. #not_null
    m.company,  -- Name as printed. #not_null
    m.company_other,  -- Name in another language, or a former name.
    m.country,  -- ISO 3166 alpha-2 code, where printed.
    m.region,  -- State or province as printed.
    m.place,  -- City or district as printed.
    coalesce(m.country, '') || '|' || coalesce(m.region, '') || '|' || coalesce(m.place, '')
        as place_key,  -- Country, region and place joined by |.
    m.founded,  -- Year founded, where printed.
    m.source_file,  -- File that holds the row. #not_null
    m.source_row  -- Row of that file; the first one if there are several. #not_null
from mapped as m
left join core.source_profiles as s on s.source = m.dataset
where m.turn = 1
