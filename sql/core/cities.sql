-- One row per city any source mentions; municipalities of one metropolitan area count as one city.
with curated as (
    select distinct p.city
    from staging.place_mentions as m
    inner join core.places as p on p.place_key = m.place_key
    where m.is_strict
),

counted as (
    select *, sum(n) over (partition by city, municipality, geoname_id) as n_rows
    from core.places
    where level = 'city'
),

-- The core of a city has its name, or else most mentions within its province.
placed as (
    select
        *,
        row_number() over (
            partition by city
            order by
                case when municipality = city then 0 else 1 end,
                case when province = city_province then 0 else 1 end,
                n_rows desc,
                geoname_id,
                place_key
        ) as turn
    from counted
)

select
    p.city,  -- City; the key used everywhere. #not_null #unique
    min(case when z.name_zh like '%市' then substr(z.name_zh, 1, length(z.name_zh) - 1) else z.name_zh end) as city_zh,  -- Chinese name of a city in mainland China, without 市.
    min(p.city_country) as country,  -- ISO 3166 alpha-2 code. #not_null
    min(p.city_province) as province,  -- First-level unit, where known; municipalities of it may lie in others.
    count(distinct p.municipality) as n_municipalities,  -- Municipalities of it that sources mention.
    max(case when p.turn = 1 then p.latitude end) as latitude,  -- Degrees north, of its core.
    max(case when p.turn = 1 then p.longitude end) as longitude,  -- Degrees east, of its core.
    max(case when p.turn = 1 then p.geoname_id end) as geoname_id,  -- GeoNames id of its core.
    max(case when c.city is null then 0 else 1 end) = 1 as is_in_register  -- A row of the register names it.
from placed as p
left join curated as c on c.city = p.city
left join landing.reference__prefectures as z on z.city = p.city and p.city_country = 'CN'
group by p.city
