-- The first places of the user's exports that are no city, and how many rows name one.
select source_file, source_row, coalesce(place, region) as place, reason, sum(n) over () as n_rows
from core.unplaced
where dataset = 'inbox' and (place is not null or region is not null)
order by source_file, source_row
limit 3
