-- Rows of evidence that count in the headline year.
select e.city, e.indicator as measure, e.label, e.year, e.value, e.weight, e.source, e.url, e.source_file, e.source_row
from marts.evidence as e
inner join index.headline as h on h.year between e.counts_from and e.counts_to
where e.indicator in (select indicator from core.indicators)
