-- Listings, and acquisitions of US$50m or more or of undisclosed price.
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
    year,
    1.0 as n
from staging.counted_sales
