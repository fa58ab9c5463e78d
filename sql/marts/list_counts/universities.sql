-- Institutions that award bachelor's degrees.
select
    'universities' as quantity,
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
-- Only where the whole registry is loaded: records of single releases are no basis for a count.
select
    'universities' as quantity,
    'ror' as list,
    'ror' as dataset,
    coalesce(p.city_country, o.country) as country,
    p.province,
    p.city,
    cast(null as integer) as year,
    1.0 as n
from landing.ror__organisations as o
inner join core.places as p
    on p.place_key = o.country || '|' || coalesce(o.region, '') || '|' || o.place
where
    o.types like '%education%'
    and o.status = 'active'
    and (select count(*) from landing.ror__organisations) >= 50000
