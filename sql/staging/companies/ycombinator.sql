select
    'ycombinator' as dataset,
    cast(yc_id as varchar) as key,
    company,
    string_split_regex(former_names, '[|]')[1] as company_other,
    country,
    region,
    place,
    source_file,
    source_row
from landing.ycombinator__companies
