-- Companies listed, or sold for US$50m or more or for an undisclosed price.
select
    'exits' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    null as province,
    city,
    year,
    1.0 as n
from staging.counted_exits
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
