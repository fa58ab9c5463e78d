-- Universities of national elite programmes, and leading technical ones.
with elite_seats as (
    select university, province, city, max(share) as share
    from core.elite_universities
    group by university, province, city
)

select
    'elite_universities' as quantity,
    'elite' as list,
    'elite' as dataset,
    'CN' as country,
    province,
    city,
    cast(null as integer) as year,
    share as n
from elite_seats
union all
select
    'elite_universities' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    null as province,
    city,
    cast(null as integer) as year,
    1.0 as n
from core.universities
where is_985 or is_211 or is_dfc or is_leading_technical
