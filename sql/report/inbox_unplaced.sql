-- The first places of the user's exports that are no city, or name none, and how many such places there are.
select source_file, source_row, coalesce(place, region) as place, reason, count(*) over () as n_places
from core.unplaced
where dataset = 'inbox'
order by source_file, source_row
limit 3
