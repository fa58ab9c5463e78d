-- Companies in the year of founding. The register's founders are no further list: they founded the same companies.
select
    'founders' as quantity,
    dataset || ': companies founded' as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 as n
from staging.counted_foundings
