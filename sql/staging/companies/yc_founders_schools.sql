select
    'yc_founders_schools' as dataset,
    cast(yc_id as varchar) as key,
    company,
    null as company_other,
    country,
    region,
    place,
    null as founded,
    source_file,
    source_row
from landing.yc_founders_schools__companies
