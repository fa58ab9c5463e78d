-- One row per unicorn, list that names it, and city it had while it was one: that of the last edition, where a list is not the register.
-- A company is one no longer when it is listed, sold or closed, or leaves its list. The year of an edition is not the year in which a
-- company joined, so such a list is undated.
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
    where dataset <> 'register' and exit_reason is null
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

curated as (
    select
        *,
        -- What became one in the year of its listing or sale stood in that year.
        case when least(listing_year, exit_year) is not null then greatest(least(listing_year, exit_year) - 1, unicorn_year) end as last_year
    from core.companies
    where is_in_register and unicorn_year is not null
)

select
    'register' as dataset,  -- List. #not_null
    h.country,  -- Country, where known.
    h.province,  -- Province or state.
    h.city,  -- City.
    greatest(c.unicorn_year, h.first_year)
        as year,  -- Year in which it became a unicorn, or came to the city as one; null if the list does not date it.
    least(c.last_year, h.last_year) as year_to,  -- Last year in which it was one there; null if it still is. #check year_to >= year
    c.company,  -- Company, as printed where no list of companies has it. #not_null
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    c.source_file,  -- File that holds the row; that of its first edition if there are several.
    c.source_row  -- Row of that file.
from curated as c
inner join core.company_homes as h
    on
        h.company = c.company
        and c.unicorn_year <= coalesce(h.last_year, 9999)
        and coalesce(c.last_year, 9999) >= coalesce(h.first_year, 0)
union all
select
    u.dataset,
    u.country,
    k.province,
    u.city,
    u.year,
    cast(null as integer) as year_to,
    u.company,
    u.dataset as source,
    cast(null as varchar) as url,
    u.source_file,
    u.source_row
from joined as u
left join core.companies as k on k.company = u.company and k.country = u.country
