select dataset, country, region, place, 'place' as "column", 1 as n, source_file, source_row
from staging.deals
where dataset <> 'register'
