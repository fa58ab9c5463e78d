select
    'edgar_listed' as dataset,
    symbol,
    false as is_address_doubtful,
    cast(exchange as varchar) as exchange,
    industry,
    false as is_delisted,
    source_file,
    source_row
from staging.edgar_listed
