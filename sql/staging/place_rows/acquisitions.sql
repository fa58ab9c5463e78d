select dataset, country, region, place, 'place' as "column", 1 as n, source_file, source_row
from staging.acquisitions
union all
select
    dataset,
    acquirer_country as country,
    acquirer_region as region,
    acquirer_place as place,
    'place' as "column",
    1 as n,
    source_file,
    source_row
from staging.acquisitions
