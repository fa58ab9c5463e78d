-- Universities on the official lists of elite programmes that still stand, as counted: each once in a city, by the first programme.
with seats as (
    select
        e.*,
        row_number() over (partition by e.university, e.city order by e.share desc, e.programme) as place
    from core.elite_universities as e
    inner join landing.reference__programmes as p on p.programme = e.programme
    where p.last_year is null and e.city is not null
)

select
    'elite_universities' as indicator,
    'elite' as list,
    'elite' as dataset,
    s.city,
    s.university || ', ' || s.programme as label,
    s.share as value,
    'elite' as source,
    s.source_file,
    s.source_row
from seats as s
where s.place = 1
