select
    'a_share_2026' as dataset,
    ticker as symbol,
    false as is_address_doubtful,
    right(ticker, 2) as exchange,
    cast(board as varchar) as board,
    listed_on,
    cast(owner_type as varchar) as owner_type,
    industry,
    false as is_delisted,
    source_file,
    source_row
from landing.a_share_2026__listings
