select
    'openalex' as dataset,
    openalex_id as key,
    institution as university,
    country,
    source_file,
    source_row
from landing.openalex__works
