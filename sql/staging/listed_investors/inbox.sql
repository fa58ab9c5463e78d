select
    coalesce(f.dataset, 'inbox') as dataset,
    i.investor as key,
    i.investor,
    true as is_home,
    i.country,
    i.place,
    1 as n,
    i.source_file,
    i.source_row
from landing.inbox__investors as i
left join staging.inbox_files as f on f.source_file = i.source_file
