select
    'yc_founders_schools' as dataset,
    cast(yc_id as varchar) as key,
    company,
    country,
    region,
    place,
    source_file,
    source_row
from landing.yc_founders_schools__companies
