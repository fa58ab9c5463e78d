select
    'hurun' as dataset,
    cast(hurun_id as varchar) as key,
    company,
    company_zh as company_other,
    null as country,
    null as region,
    place,
    null as founded,
    source_file,
    source_row
from landing.hurun__unicorns
