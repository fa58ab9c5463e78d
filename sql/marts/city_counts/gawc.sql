select
    'service connectivity' as measure,
    'gawc' as dataset,
    '2020' as period,
    p.city_country as country,
    p.province,
    p.city,
    cast(l.connectivity as double) as value
from landing.gawc__connectivity as l
left join core.countries as c on c.written = lower(l.country)
inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
