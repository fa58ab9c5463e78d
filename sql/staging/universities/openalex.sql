select
    'openalex' as dataset,
    openalex_id as key,
    institution as university,
    null as university_other,
    country,
    null as region,
    null as place,
    null as edition,
    source_file,
    source_row
from landing.openalex__works
