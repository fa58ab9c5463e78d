-- One row per city any source mentions; municipalities of one metropolitan area count as one city.
with curated as (
    select distinct p.city
    from staging.place_mentions as m
    inner join core.places as p on p.place_key = m.place_key
    where m.is_strict
)

select
    p.city,  -- City; the key used everywhere. #not_null #unique
    min(case when z.name_zh like '%市' then substr(z.name_zh, 1, length(z.name_zh) - 1) else z.name_zh end) as city_zh,  -- Chinese name of a city in mainland China, without 市.
    min(p.city_country) as country,  -- ISO 3166 alpha-2 code. #not_null
    min(p.province) as province,  -- First-level unit, where known.
    count(distinct p.municipality) as n_municipalities,  -- Municipalities of it that sources mention.
    round(avg(p.latitude), 9) as latitude,  -- Degrees north, mean of its municipalities.
    round(avg(p.longitude), 9) as longitude,  -- Degrees east, mean of its municipalities.
    min(p.geoname_id) as geoname_id,  -- GeoNames id of one of its municipalities.
    max(case when c.city is null then 0 else 1 end) = 1 as is_in_register  -- A row of the register names it.
from core.places as p
left join curated as c on c.city = p.city
left join landing.reference__prefectures as z on z.city = p.city and p.city_country = 'CN'
where p.level = 'city'
group by p.city
