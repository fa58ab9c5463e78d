-- Computer-science faculty, and works among the world's most cited tenth, in the newest edition of each list.
with newest as (
    select dataset, measure, max(year) as year from core.research group by dataset, measure
)

select
    'research' as quantity,
    r.dataset || ': ' || r.measure as list,
    r.dataset,
    r.country,
    r.province,
    r.city,
    r.year,
    r.value as n
from core.research as r
inner join newest as n on n.dataset = r.dataset and n.measure = r.measure and n.year is not distinct from r.year
where r.measure <> 'works'
