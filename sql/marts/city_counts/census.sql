select
    'population' as measure,
    'census' as dataset,
    cast(l.year as varchar) as period,
    'CN' as country,
    p.province,
    p.city,
    cast(l.population as double) as value
from landing.census__prefectures as l
inner join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
where l.population is not null
