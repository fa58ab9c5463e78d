select
    'edgar_listed' as dataset,
    symbol as key,
    company,
    country,
    region,
    place,
    true as is_share,
    source_file,
    source_row
from staging.edgar_listed
