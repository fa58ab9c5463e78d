select
    'inbox' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    null as company_other,
    country,
    null as region,
    place,
    founded,
    source_file,
    source_row
from landing.inbox__companies
union all
select
    'inbox' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    null as company_other,
    country,
    region,
    place,
    null as founded,
    source_file,
    source_row
from landing.inbox__deals
