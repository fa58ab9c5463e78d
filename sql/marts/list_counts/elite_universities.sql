-- Universities of national elite programmes that still stand, and leading technical ones. The Double First-Class list took over
-- all universities of Projects 985 and 211. Those lists are left out, as they print former names, and one name for two
-- universities that have parted, which would count beside the names of today.
with elite_seats as (
    select e.university, e.province, e.city, max(e.share) as share
    from core.elite_universities as e
    inner join landing.reference__programmes as p on p.programme = e.programme
    where p.last_year is null
    group by e.university, e.province, e.city
)

select
    'elite_universities' as quantity,
    'elite' as list,
    'elite' as dataset,
    'CN' as country,
    province,
    city,
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
    1.0 as n
from core.universities
where is_985 or is_211 or is_dfc or is_leading_technical
