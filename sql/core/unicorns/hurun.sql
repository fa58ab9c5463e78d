select
    'hurun' as dataset,
    cast(hurun_id as varchar) as company_key,
    company,
    cast(edition as varchar) as since,
    valuation_usd_bn,
    industry,
    source_file,
    source_row
from landing.hurun__unicorns
