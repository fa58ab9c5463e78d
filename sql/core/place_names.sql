-- One row per name that a city, a part of one or a province goes by, and what it stands for: how a name that a person gives is read.
with districts as (
    select d.name_zh, d.district, c.city
    from landing.reference__districts as d
    inner join core.cities as c on c.city = d.city and c.country = 'CN'
),

named as (
    select city as name, 'city' as kind, city, cast(null as varchar) as province from core.cities
    union all
    select city_zh, 'city', city, null from core.cities
    union all
    select unnest(string_split_regex(p.also, '[|]')), 'city', c.city, null
    from landing.reference__prefectures as p
    inner join core.cities as c on c.city = p.city and c.country = 'CN'
    union all
    -- A territory that is one city: 香港.
    select unnest(string_split_regex(t.also, '[|]')), 'city', c.city, null
    from landing.reference__countries as t
    inner join core.cities as c on c.country = t.country and c.geoname_id = t.city_id
    union all
    -- The benchmark, as every page calls it.
    select unnest(string_split_regex('Bay Area|湾区|旧金山湾区|硅谷', '[|]')), 'city', city, null
    from core.cities
    where city = 'San Francisco Bay Area'
    union all
    select '旧金山', 'core', city, null
    from core.cities
    where city = 'San Francisco Bay Area'
    union all
    -- San Francisco is the core of the Bay Area, and Palo Alto a part of it.
    select p.place, case when p.geoname_id = c.geoname_id then 'core' else 'part' end, p.city, null
    from core.places as p
    inner join core.cities as c on c.city = p.city
    where p.city_country <> 'CN' and p.place <> p.city and p.reason <> 'the territory is one city'
    union all
    select name_zh, 'part', city, null from districts
    union all
    -- 昆山 of 昆山市; 盟 and 旗 stay.
    select substr(name_zh, 1, length(name_zh) - 1), 'part', city, null from districts
    where name_zh like '__%市' or name_zh like '__%区' or name_zh like '__%县'
    union all
    select district, 'part', city, null from districts
    union all
    select name_zh, 'province', null, province from landing.reference__provinces
    union all
    select short_zh, 'province', null, province from landing.reference__provinces
    union all
    select province, 'province', null, province from landing.reference__provinces
    union all
    select unnest(string_split_regex(also, '[|]')), 'province', null, province from landing.reference__provinces
)

select distinct
    name,  -- Name as written. #not_null
    kind,  -- city: one of its own names; core: the place or alias at its core; part: what counts as part of it; province: first-level unit. #not_null #check kind in ('city', 'core', 'part', 'province')
    city,  -- City that it stands for or counts for; null for a province. #in core.cities.city
    province  -- Province that it is; null for any other kind.
from named
where name is not null
