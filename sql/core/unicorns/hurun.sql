select
    'hurun' as dataset,
    cast(hurun_id as varchar) as company_key,
    company,
    null as country,
    cast(edition as varchar) as since,
    valuation_usd_bn,
    industry,
    null as exit_reason,
    source_file,
    source_row
from landing.hurun__unicorns
