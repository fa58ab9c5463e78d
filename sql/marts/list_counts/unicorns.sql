-- Companies in the year in which they became unicorns, at their city of that year.
select
    'unicorns' as quantity,
    dataset as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 as n
from staging.counted_unicorns
