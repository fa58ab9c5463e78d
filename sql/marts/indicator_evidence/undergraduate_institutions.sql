-- Universities and colleges, where the whole registry is loaded: records of single releases are no basis for a count.
select
    'undergraduate_institutions' as indicator,
    'ror' as dataset,
    p.city,
    o.established as year,
    cast(null as integer) as year_to,
    cast(null as varchar) as company,
    o.name as label,
    1.0 as value,
    'ror' as source,
    null as url,
    o.source_file,
    o.source_row
from landing.ror__organisations as o
inner join core.places as p
    on p.place_key = coalesce(o.country, '') || '|' || coalesce(o.region, '') || '|' || coalesce(o.place, '')
where
    p.city is not null
    and o.types like '%education%'
    and o.status = 'active'
    and (select count(*) from landing.ror__organisations) >= 50000
