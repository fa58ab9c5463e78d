-- Ten rows of each indicator and scored city, with the number of all of them: totals that reports print, then the largest and
-- latest.
select
    e.city, e.indicator, e.label || coalesce(', by ' || e.investors, '') as label,
    e.year, e.year_to, e.value, e.dataset, e.source, e.url, e.source_file, e.source_row,
    e.list in (select list from core.published_counts) as is_total, count(*) over (partition by e.city, e.indicator) as n
from marts.evidence as e
inner join index.scores as s on s.city = e.city and s.measure = 'Readiness' and s.score is not null
inner join index.headline as h on h.year = s.year
where e.indicator in (select indicator from core.indicators)
qualify row_number() over (partition by e.city, e.indicator order by is_total desc, e.value desc, e.year desc nulls last, e.label, e.dataset) <= 10
order by e.city, e.indicator, is_total desc, e.value desc, e.year desc nulls last, e.label, e.dataset
