select
    dataset,
    'listed companies, Chinese industry' as classification,
    country,
    province,
    city,
    industry as sector,
    company
from core.listed_companies
where dataset = 'a_share_2026'
