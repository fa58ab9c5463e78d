select 'hurun_rich_list' as dataset, country, region, place, 'head_office' as "column", 1 as n, source_file, source_row
from staging.rich_list_offices
