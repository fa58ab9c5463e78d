-- Institutions that award bachelor's degrees.
select
    'universities' as quantity,
    dataset as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 as n
from staging.counted_universities
