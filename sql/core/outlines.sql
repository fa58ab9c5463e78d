-- One row per country, and per province of nine large countries: its outline on a map.
-- Borders are de facto; whoever publishes a map inside China must use the official base map instead.
select
    'country' as level,  -- country or province. #not_null
    coalesce(c.country, n.country) as country,  -- ISO 3166 alpha-2 code; null for territories without one.
    cast(null as varchar) as province,  -- Province or state, as other tables name it.
    l.name,  -- English name. #not_null
    l.name_zh,  -- Chinese name.
    l.geometry,  -- Outline: a GeoJSON geometry, degrees east and north. #not_null
    l.source_file,  -- File that holds the row. #not_null
    l.source_row  -- Feature of that file. #not_null
from landing.natural_earth__countries as l
left join core.countries as c on c.written = lower(l.code)
left join core.countries as n on n.written = lower(l.name)
union all
select
    'province' as level,
    c.country,
    coalesce(p.province, l.name) as province,
    l.name,
    l.name_zh,
    l.geometry,
    l.source_file,
    l.source_row
from landing.natural_earth__provinces as l
left join core.countries as c on c.written = lower(l.country)
left join landing.reference__provinces as p on p.country = c.country and p.name_zh = l.name_zh
