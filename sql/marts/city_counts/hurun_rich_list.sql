-- The lists differ in length, so only a city's share of a year's total can be compared with another year.
select
    'people on the rich list' as measure,
    'hurun_rich_list' as dataset,
    cast(l.year as varchar) as period,
    p.city_country as country,
    p.province,
    p.city,
    cast(l.people as double) as value
from staging.rich_list_offices as l
inner join core.places as p on p.place_key = l.place_key
union all
select
    'wealth on the rich list, 100m CNY' as measure,
    'hurun_rich_list' as dataset,
    cast(l.year as varchar) as period,
    p.city_country as country,
    p.province,
    p.city,
    l.wealth_100m_cny as value
from staging.rich_list_offices as l
inner join core.places as p on p.place_key = l.place_key
