-- Computer-science faculty, each split over the institutions named, and works among the tenth of the world's most cited, in the
-- newest edition of each list, which stands for all years.
with newest_editions as (
    select dataset, measure, max(year) as year from core.research group by dataset, measure
)

select
    'research' as indicator,
    r.dataset || ': ' || r.measure as list,
    r.dataset,
    r.city,
    r.university || coalesce(', ' || cast(r.year as varchar), '') as label,
    r.value,
    r.dataset as source,
    r.source_file,
    r.source_row
from core.research as r
inner join newest_editions as n on n.dataset = r.dataset and n.measure = r.measure and n.year is not distinct from r.year
where r.city is not null and r.measure <> 'works'
