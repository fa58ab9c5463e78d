-- One row per event in the life of a company that counts as realised success.
with deals as (
    select
        d.dataset,
        d.company,
        d.city,
        d.year,
        d.source,
        d.url,
        d.source_file,
        d.source_row,
        row_number() over (partition by d.dataset, d.company order by d.year, d.deal) as turn
    from core.deals_by_source as d
    inner join marts.deal_sources as l on l.dataset = d.dataset
    where d.company is not null
),

-- A list of today's unicorns has lost those of old that were sold or listed: it tells of the five years before it only.
unicorns as (
    select
        dataset,
        company,
        city,
        cast(substr(since, 1, 4) as integer) as year,
        source_file,
        source_row,
        cast(max(substr(since, 1, 4)) over (partition by dataset) as integer) as last_year
    from core.unicorns
    where dataset = 'cb_insights' and since is not null
),

-- A sale is listed once per buyer.
sales as (
    select
        dataset,
        company,
        company_printed,
        city,
        acquired_year as year,
        acquirer,
        source_file,
        source_row,
        row_number() over (partition by company_printed, country, city, acquired_year order by source_row, source_file) as turn
    from core.acquisitions
    where
        dataset = 'crunchbase_2015'
        and city is not null
        and acquired_year is not null
        and company_printed is not null
        and coalesce(price_usd, 50000000) >= 50000000
)

select
    d.dataset,  -- Source. #not_null
    case when d.dataset = 'register' then c.city_founded else d.city end
        as city,  -- City: of founding for the first funding, the present one for the rest. #not_null
    d.year,  -- Year of the event.
    d.year as year_to,  -- The same year: it is an event.
    d.company,  -- Company.
    d.company || ', first funded' as label,  -- What a reader sees.
    1.0 as new_backed_companies,  -- Companies funded for the first time.
    cast(null as double) as new_unicorns,  -- Companies that became unicorns.
    cast(null as double) as exits,  -- Listings, and acquisitions of US$50m or more or of undisclosed price.
    cast(null as double) as overseas_listed,  -- Listings on NASDAQ, NYSE or HKEX.
    case when d.dataset = 'register' then c.source else d.source end as source,  -- Where the fact was published.
    case when d.dataset = 'register' then c.url else d.url end as url,  -- Address of the page, where known.
    case when d.dataset = 'register' then c.source_file else d.source_file end as source_file,  -- File the row stands in.
    case when d.dataset = 'register' then c.source_row else d.source_row end as source_row  -- Row of that file.
from deals as d
inner join core.companies as c on c.company = d.company
where d.turn = 1 and case when d.dataset = 'register' then c.city_founded else d.city end is not null
union all
select
    'register' as dataset,
    city,
    unicorn_year as year,
    unicorn_year as year_to,
    company,
    company || ', unicorn' as label,
    null as new_backed_companies,
    1.0 as new_unicorns,
    null as exits,
    null as overseas_listed,
    source,
    url,
    source_file,
    source_row
from core.companies
where is_in_register and unicorn_year is not null
union all
select
    'register' as dataset,
    city,
    year,
    year as year_to,
    company,
    company || ', ' || how || coalesce(' on ' || exchange, '') || coalesce(' by ' || acquirer, '') as label,
    null as new_backed_companies,
    null as new_unicorns,
    1.0 as exits,
    case when exchange in ('NASDAQ', 'NYSE', 'HKEX') then 1.0 end as overseas_listed,
    source,
    url,
    source_file,
    source_row
from core.exits
where year is not null and (how = 'listing' or coalesce(value_usd_m, 50) >= 50)
union all
select
    dataset,
    city,
    year,
    year as year_to,
    company,
    company || ', unicorn' as label,
    null as new_backed_companies,
    1.0 as new_unicorns,
    null as exits,
    null as overseas_listed,
    dataset as source,
    null as url,
    source_file,
    source_row
from unicorns
where city is not null and year > last_year - 5
union all
select
    dataset,
    city,
    year,
    year as year_to,
    company,
    company_printed || ', acquired' || coalesce(' by ' || acquirer, '') as label,
    null as new_backed_companies,
    null as new_unicorns,
    1.0 as exits,
    null as overseas_listed,
    dataset as source,
    null as url,
    source_file,
    source_row
from sales
where turn = 1
