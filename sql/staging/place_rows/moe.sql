select 'moe' as dataset, 'CN' as country, region, place, 'place' as "column", 1 as n, source_file, source_row
from landing.moe__institutions
