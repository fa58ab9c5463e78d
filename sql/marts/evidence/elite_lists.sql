-- Universities on the official lists of elite programmes, each once, by the first programme that names it in a city.
with seats as (
    select
        *,
        row_number() over (partition by university, city order by share desc, programme) as place
    from core.elite_universities
    where city is not null
)

select
    'elite_universities' as indicator,
    'elite' as dataset,
    s.city,
    cast(null as integer) as year,
    cast(null as integer) as year_to,
    cast(null as varchar) as company,
    s.university || ', ' || case when s.programme in ('985', '211') then 'Project ' else '' end || s.programme as label,
    s.share as value,
    'elite' as source,
    cast(null as varchar) as url,
    s.source_file,
    s.source_row
from seats as s
where s.place = 1
