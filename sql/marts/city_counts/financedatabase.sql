select
    'listed companies' as measure,
    'financedatabase' as dataset,
    cast(exchange as varchar) as period,
    country,
    province,
    city,
    1.0 as value
from core.listed_companies
where dataset = 'financedatabase' and not is_delisted
union all
select
    'listed companies' as measure,
    'financedatabase' as dataset,
    'SHH and SHZ' as period,
    country,
    province,
    city,
    1.0 as value
from core.listed_companies
where dataset = 'financedatabase' and not is_delisted and exchange in ('SHH', 'SHZ')
