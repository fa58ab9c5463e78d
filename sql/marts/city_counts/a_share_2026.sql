select
    'listed companies' as measure,
    dataset,
    'SH, SZ and BJ' as period,
    country,
    province,
    city,
    1.0 as value
from core.listed_companies
where dataset = 'a_share_2026'
union all
select
    'new listings' as measure,
    dataset,
    cast(listed_year as varchar) as period,
    country,
    province,
    city,
    1.0 as value
from core.listed_companies
where dataset = 'a_share_2026'
