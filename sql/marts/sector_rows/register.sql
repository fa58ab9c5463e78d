select
    'register' as dataset,
    'companies' as classification,
    country,
    province,
    city_founded as city,
    sector,
    founded as year,
    company
from core.companies
