select
    'GDP, 100m CNY' as measure,
    'nbs' as dataset,
    cast(l.year as varchar) as period,
    'CN' as country,
    p.province,
    p.city,
    l.gdp_100m_cny as value
from landing.nbs__gdp as l
inner join core.places as p on p.place_key = 'CN||' || l.place
where l.gdp_100m_cny is not null
