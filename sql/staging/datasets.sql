-- One row per source, and one for all sources together: what their numbers stand for.
select
    source as dataset,  -- Source, or all. #unique #not_null
    cast(row_number() over (order by source) as integer) as dataset_number,  -- Its number in this build; 0 for all sources. #unique #not_null
    priority as source_priority  -- Order in which sources are preferred where they differ; 1 is the register.
from core.source_profiles
union all
select
    'all' as dataset,
    0 as dataset_number,
    null as source_priority
