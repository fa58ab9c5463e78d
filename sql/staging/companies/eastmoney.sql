select
    'eastmoney' as dataset,
    eastmoney_org_code as key,
    company_zh as company,
    null as company_other,
    'CN' as country,
    null as region,
    region as place,
    null as founded,
    source_file,
    source_row
from landing.eastmoney__listing_applications
