select
    'cb_insights' as dataset,
    company || '|' || country || '|' || coalesce(place, '') as key,
    company,
    country,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.cb_insights__unicorns
union all
select
    'cb_insights' as dataset,
    company_key as key,
    company,
    country,
    place,
    null as founded,
    source_file,
    source_row
from staging.unicorns_left
