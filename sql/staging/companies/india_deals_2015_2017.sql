select
    'india_deals_2015_2017' as dataset,
    company || '|' || coalesce(place, '') as key,
    company,
    country,
    place,
    source_file,
    source_row
from landing.india_deals_2015_2017__deals
