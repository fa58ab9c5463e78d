select
    'crunchbase_2013' as dataset,
    company_key as key,
    company,
    country,
    case when metro = 'SF Bay' and region = 'CA' then 'SF Bay' else region end as region,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.crunchbase_2013__companies
