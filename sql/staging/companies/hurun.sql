select
    'hurun' as dataset,
    cast(hurun_id as varchar) as key,
    company,
    company_zh as company_other,
    place,
    source_file,
    source_row
from landing.hurun__unicorns
