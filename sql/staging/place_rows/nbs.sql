select 'nbs' as dataset, 'CN' as country, null as region, place, 'place' as "column", 1 as n, source_file, source_row
from landing.nbs__gdp
