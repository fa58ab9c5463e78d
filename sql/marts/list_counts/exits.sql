-- Listings, and acquisitions of US$50m or more or of undisclosed price. A list has a sale once for each buyer.
with numbered_sales as (
    select
        *,
        row_number() over (
            partition by dataset, company_printed, country, city, acquired_year order by source_row, source_file
        ) as turn
    from core.acquisitions
    where acquired_year is not null and company_printed is not null and coalesce(price_usd, 50000000) >= 50000000
)

select
    'exits' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    null as province,
    city,
    year,
    1.0 as n
from core.exits
where year is not null and (how = 'listing' or coalesce(value_usd_m, 50) >= 50)
union all
select
    'exits' as quantity,
    dataset || ': acquisitions' as list,
    dataset,
    country,
    province,
    city,
    acquired_year as year,
    1.0 as n
from numbered_sales
where turn = 1
