-- Where several municipalities count as one city, the best connected stands for it, since connectivity does not add up.
select
    'service connectivity' as measure,
    'gawc' as dataset,
    '2020' as period,
    p.city_country as country,
    p.province,
    p.city,
    cast(max(l.connectivity) as double) as value
from landing.gawc__connectivity as l
left join core.countries as c on c.written = lower(l.country)
inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
group by p.city_country, p.province, p.city, case when p.city is null then l.city end
