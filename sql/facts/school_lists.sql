-- Universities on every list, with the years that the list is of; open-ended for one that still stands.
select 'elite' as dataset, p.list as measure, e.university, 'CN' as country, e.city, e.share as value,
    p.first_year as year_from, p.last_year as year_to
from core.elite_universities as e
inner join landing.reference__programmes as p on p.programme = e.programme
union all
select 'moe', 'undergraduate institutions', university, 'CN', city, 1.0, edition,
    case when edition < (select max(edition) from core.institutions) then edition end
from core.institutions
where is_undergraduate
union all
select dataset, measure, university, country, city, value, year,
    case when year < max(year) over (partition by dataset, measure) then year end
from core.research
where measure in ('cs_faculty', 'top10_works')
