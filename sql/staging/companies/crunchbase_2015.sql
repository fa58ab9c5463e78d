select
    'crunchbase_2015' as dataset,
    company_key as key,
    company,
    null as company_other,
    country,
    case when metro = 'SF Bay Area' then 'SF Bay' when country in ('USA', 'CAN') then region end as region,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.crunchbase_2015__companies
