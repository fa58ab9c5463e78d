-- Listings, and acquisitions of US$50m or more or of undisclosed price.
-- A list has a sale once for each buyer.
with numbered_sales as (
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
    'exits' as indicator,
    'register' as dataset,
    e.city,
    e.year,
    e.year as year_to,
    e.company,
    e.company || ', ' || e.how || coalesce(' on ' || e.exchange, '') || coalesce(' by ' || e.acquirer, '') as label,
    1.0 as value,
    e.source,
    e.url,
    e.source_file,
    e.source_row
from core.exits as e
where e.year is not null and (e.how = 'listing' or coalesce(e.value_usd_m, 50) >= 50)
union all
select
    'exits' as indicator,
    dataset,
    city,
    year,
    year as year_to,
    company,
    company_printed || ', acquired' || coalesce(' by ' || acquirer, '') as label,
    1.0 as value,
    dataset as source,
    null as url,
    source_file,
    source_row
from numbered_sales
where turn = 1
