select
    'eastmoney' as dataset,
    eastmoney_org_code as key,
    company_zh as company,
    'CN' as country,
    region as place,
    source_file,
    source_row
from landing.eastmoney__listing_applications
