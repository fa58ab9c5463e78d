select
    'inbox' as dataset,
    investor as key,
    investor,
    true as is_home,
    country,
    place,
    1 as n,
    source_file,
    source_row
from landing.inbox__investors
