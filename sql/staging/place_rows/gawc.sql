select 'gawc' as dataset, country, null as region, city as place, 'place' as "column", 1 as n, source_file, source_row
from landing.gawc__connectivity
