-- Rows of evidence of the cities shown and the benchmark.
select
    e.city, e.indicator as measure, e.label || coalesce(', by ' || e.investors, '') as label,
    e.year, e.year_to, e.value, e.dataset, e.source, e.url, e.source_file, e.source_row,
    e.list in (select list from core.published_counts) as is_total
from marts.evidence as e
where
    e.indicator in (select indicator from core.indicators)
    and (e.city in (select city from shown_cities) or e.city in (select benchmark from benchmark))
