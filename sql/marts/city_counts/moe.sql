select
    'institutions' as measure,
    'moe' as dataset,
    cast(edition as varchar) as period,
    'CN' as country,
    province,
    city,
    1.0 as value
from core.institutions
union all
select
    'undergraduate institutions' as measure,
    'moe' as dataset,
    cast(edition as varchar) as period,
    'CN' as country,
    province,
    city,
    1.0 as value
from core.institutions
where is_undergraduate
