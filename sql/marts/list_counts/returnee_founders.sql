-- Founders with a degree or a job abroad, in the year of founding, at the city of founding.
select
    'returnee_founders' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    city,
    year,
    1.0 as n
from staging.counted_returnees
