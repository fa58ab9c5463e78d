select 'census_bds' as dataset, 'US' as country, region, place, 'place' as "column", 1 as n, source_file, source_row
from landing.census_bds__new_firms
where place is not null
