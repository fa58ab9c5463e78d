-- One row per company that became a unicorn, and list that says so, at its city of that year, or of the last edition.
-- A list of today's unicorns has lost those of old that were sold or listed, so only its last five years count. The year of an
-- edition is not the year in which a company joined, so such a list is undated.
with named as (
    select
        dataset,
        coalesce(company, company_printed) as company,
        country,
        city,
        case when length(since) = 10 then cast(substr(since, 1, 4) as integer) end as year,
        source_file,
        source_row,
        row_number() over (
            partition by dataset, coalesce(company, company_printed)
            order by coalesce(since, ''), source_file, source_row
        ) as turn,
        row_number() over (
            partition by dataset, coalesce(company, company_printed)
            order by coalesce(since, '') desc, source_file, source_row
        ) as turn_back
    from core.unicorns
    where dataset <> 'register'
),

joined as (
    select
        dataset,
        company,
        min(case when turn_back = 1 then country end) as country,
        min(case when turn_back = 1 then city end) as city,
        min(year) as year,
        min(case when turn = 1 then source_file end) as source_file,
        min(case when turn = 1 then source_row end) as source_row
    from named
    group by dataset, company
),

listed as (
    select *, max(year) over (partition by dataset) as last_year from joined
)

select
    'register' as dataset,  -- List. #not_null
    h.country,  -- Country, where known.
    h.province,  -- Province or state.
    h.city,  -- City.
    c.unicorn_year as year,  -- Year in which it became a unicorn; null if the list does not date it.
    c.company,  -- Company, as printed where no list of companies has it. #not_null
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    c.source_file,  -- File that holds the row; that of its first edition if there are several.
    c.source_row  -- Row of that file.
from core.companies as c
inner join core.company_homes as h
    on h.company = c.company and c.unicorn_year between coalesce(h.first_year, 0) and coalesce(h.last_year, 9999)
where c.is_in_register
union all
select
    u.dataset,
    u.country,
    k.province,
    u.city,
    u.year,
    u.company,
    u.dataset as source,
    cast(null as varchar) as url,
    u.source_file,
    u.source_row
from listed as u
left join core.companies as k on k.company = u.company and k.country = u.country
where u.last_year is null or u.year > u.last_year - 5
