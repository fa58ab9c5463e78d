select 'census_county' as dataset, 'CN' as country, region, place, 'place' as "column", 1 as n, source_file, source_row
from landing.census_county__prefectures
