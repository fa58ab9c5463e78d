-- The name of a folder is a place, too.
select
    dataset,
    country,
    null as region,
    folder as place,
    'folder' as "column",
    1 as n,
    source_file,
    1 as source_row
from staging.inbox_files
