select
    'openalex' as dataset,
    openalex_id as university_key,
    country,
    year,
    'works' as measure,
    cast(works as double) as value,
    source_file,
    source_row
from landing.openalex__works
union all
select
    'openalex' as dataset,
    openalex_id as university_key,
    country,
    year,
    'top10_works' as measure,
    cast(top10_works as double) as value,
    source_file,
    source_row
from landing.openalex__works
