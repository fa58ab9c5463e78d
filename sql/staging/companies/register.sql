select
    'register' as dataset,
    company as key,
    company,
    company_zh as company_other,
    country,
    city as place,
    founded,
    source_file,
    source_row
from landing.register__companies
