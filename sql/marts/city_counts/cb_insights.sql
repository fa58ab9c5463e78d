select
    'unicorns' as measure,
    'cb_insights' as dataset,
    '2022-03' as period,
    p.city_country as country,
    p.province,
    p.city,
    1.0 as value
from landing.cb_insights__unicorns as l
left join core.countries as c on c.written = lower(l.country)
inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || coalesce(l.place, '')
union all
select
    'unicorns' as measure,
    'cb_insights' as dataset,
    '2021-07' as period,
    p.city_country as country,
    p.province,
    p.city,
    1.0 as value
from landing.cb_insights__unicorns_2021 as l
left join core.countries as c on c.written = lower(l.country)
inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || coalesce(l.place, '')
