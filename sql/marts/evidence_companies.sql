-- One row per event in the life of a company that counts as realised success.
with first_deals as (
    select company, min(year) as year
    from core.deals
    where is_in_register
    group by company
)

select
    c.city_founded as city,  -- City: of founding for the first funding, the present one for the rest. #not_null
    d.year,  -- Year of the event.
    d.year as year_to,  -- The same year: it is an event.
    c.company,  -- Company.
    c.company || ', first funded' as label,  -- What a reader sees.
    1.0 as new_backed_companies,  -- Companies funded for the first time.
    cast(null as double) as new_unicorns,  -- Companies that became unicorns.
    cast(null as double) as exits,  -- Listings, and acquisitions of US$50m or more or of undisclosed price.
    cast(null as double) as overseas_listed,  -- Listings on NASDAQ, NYSE or HKEX.
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    c.source_file,  -- File the row stands in.
    c.source_row  -- Row of that file.
from first_deals as d
inner join core.companies as c on c.company = d.company and c.is_in_register
union all
select
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
