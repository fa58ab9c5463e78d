-- Institutions that award bachelor's degrees, and universities of national elite programmes or leading technical ones.
with elite_seats as (
    select university, province, city, max(share) as share
    from core.elite_universities
    group by university, province, city
)

select
    'schools' as quantity,
    'moe' as list,
    'moe' as dataset,
    'CN' as country,
    i.province,
    i.city,
    i.edition as year,
    1.0 as n
from core.institutions as i
inner join (select max(edition) as edition from core.institutions) as m on m.edition = i.edition
where i.is_undergraduate
union all
select
    'schools' as quantity,
    'elite' as list,
    'elite' as dataset,
    'CN' as country,
    province,
    city,
    cast(null as integer) as year,
    share as n
from elite_seats
union all
select
    'schools' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    null as province,
    city,
    cast(null as integer) as year,
    1.0 as n
from core.universities
where is_985 or is_211 or is_dfc or is_leading_technical
union all
-- Only where the whole registry is loaded: records of single releases are no basis for a count.
select
    'schools' as quantity,
    'ror' as list,
    'ror' as dataset,
    coalesce(p.city_country, o.country) as country,
    p.province,
    p.city,
    cast(null as integer) as year,
    1.0 as n
from landing.ror__organisations as o
inner join core.places as p
    on p.place_key = coalesce(o.country, '') || '|' || coalesce(o.region, '') || '|' || coalesce(o.place, '')
where
    o.types like '%education%'
    and o.status = 'active'
    and (select count(*) from landing.ror__organisations) >= 50000
