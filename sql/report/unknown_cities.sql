-- The first cities that reports print and no source names, and how many there are. A part of a city, in brackets, is left out on purpose.
select city, source_file, source_row, count(*) over () as n_rows
from core.published_counts
where country is null and not contains(city, '(') and city not in (select city from core.cities)
order by source_file, source_row
limit 3
