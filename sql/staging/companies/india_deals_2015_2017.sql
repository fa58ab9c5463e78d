select
    'india_deals_2015_2017' as dataset,
    company || '|' || coalesce(place, '') as key,
    company,
    null as company_other,
    country,
    null as region,
    place,
    null as founded,
    source_file,
    source_row
from landing.india_deals_2015_2017__deals
