select
    'cb_insights' as dataset,
    company || '|' || country || '|' || coalesce(place, '') as company_key,
    company,
    country,
    unicorn_on as since,
    valuation_usd_bn,
    cast(industry as varchar) as industry,
    cast(null as varchar) as exit_reason,
    source_file,
    source_row
from landing.cb_insights__unicorns
union all
select
    'cb_insights' as dataset,
    company_key,
    company,
    country,
    unicorn_on as since,
    valuation_usd_bn,
    cast(industry as varchar) as industry,
    'left the list' as exit_reason,
    source_file,
    source_row
from staging.unicorns_left
