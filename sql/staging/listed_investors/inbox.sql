select
    'inbox' as dataset,
    investor as key,
    investor,
    null as investor_other,
    true as is_home,
    country,
    null as region,
    place,
    1 as n,
    source_file,
    source_row
from landing.inbox__investors
