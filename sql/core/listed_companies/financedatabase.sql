select
    'financedatabase' as dataset,
    symbol,
    is_address_doubtful,
    cast(exchange as varchar) as exchange,
    cast(sector as varchar) as sector,
    industry_group,
    industry,
    is_delisted,
    founded_year,
    source_file,
    source_row
from landing.financedatabase__equities
