-- The area of the listing stands in for the seat of the newest listings, which are not among the companies, and of companies
-- registered in the Cayman Islands or Basel, which operate in China.
select
    'a_share_2026' as dataset,
    coalesce(c.ticker, l.ticker) as key,
    coalesce(c.company_zh, l.name_zh) as company,
    case when c.company_zh is not null then l.name_zh end as company_other,
    case when c.region = '香港特别行政区' then 'HK' else 'CN' end as country,
    c.region,
    case when c.region is null then l.area else c.place end as place,
    true as is_share,
    coalesce(c.source_file, l.source_file) as source_file,
    coalesce(c.source_row, l.source_row) as source_row
from landing.a_share_2026__companies as c
full join landing.a_share_2026__listings as l on l.ticker = c.ticker
