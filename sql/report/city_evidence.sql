-- Ten rows of each indicator and scored city, with the number of all of them: totals that reports print, then the largest and
-- latest.
with totals as (
    select distinct source_file, source_row from core.published_counts
)

select
    e.city, e.indicator, e.label, e.year, e.value, e.dataset, e.source, e.url, e.source_file, e.source_row,
    t.source_row is not null as is_total, count(*) over (partition by e.city, e.indicator) as n
from marts.evidence as e
inner join index.scores as s on s.city = e.city and s.measure = 'Readiness' and s.score is not null
inner join index.headline as h on h.year = s.year
left join totals as t on t.source_file = e.source_file and t.source_row = e.source_row
where e.indicator in (select indicator from core.indicators)
qualify row_number() over (partition by e.city, e.indicator order by t.source_row is null, e.value desc, e.year desc nulls last, e.label, e.dataset) <= 10
order by e.city, e.indicator, t.source_row is null, e.value desc, e.year desc nulls last, e.label, e.dataset
