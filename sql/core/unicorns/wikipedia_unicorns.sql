select
    'wikipedia_unicorns' as dataset,
    company || '|' || coalesce(country, '') as company_key,
    company,
    country,
    valuation_usd_bn,
    industry,
    cast(null as varchar) as exit_reason,
    source_file,
    source_row
from landing.wikipedia_unicorns__unicorns
union all
select
    'wikipedia_unicorns' as dataset,
    company || '|' || coalesce(country, '') as company_key,
    company,
    country,
    valuation_usd_bn,
    null as industry,
    coalesce(exit_reason, 'left the list') as exit_reason,
    source_file,
    source_row
from landing.wikipedia_unicorns__former_unicorns
