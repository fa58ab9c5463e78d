select dataset, country, region, place, 'place' as "column", n, source_file, source_row
from staging.investor_places
where dataset <> 'register'
