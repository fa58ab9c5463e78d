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
-- Only where the whole registry is loaded: records of single releases are no basis for a count. An organisation with several
-- places counts at its first.
select
    'universities' as quantity,
    'ror' as list,
    'ror' as dataset,
    coalesce(p.city_country, u.country) as country,
    p.province,
    p.city,
    cast(null as integer) as year,
    1.0 as n
from staging.universities as u
left join core.places as p on p.place_key = u.place_key
where u.dataset = 'ror' and (select count(*) from landing.ror__organisations) >= 50000
