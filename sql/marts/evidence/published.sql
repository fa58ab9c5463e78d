-- Totals of cities as reports print them: one row is the whole number.
select
    p.quantity as indicator,
    p.list,
    'register' as dataset,
    p.city,
    p.year,
    p.year_to,
    replace(p.list, 'published: ', '') || ' prints ' || cast(cast(p.n as bigint) as varchar) as label,
    p.n as value,
    p.source,
    p.url,
    p.source_file,
    p.source_row
from core.published_counts as p
inner join core.cities as c on c.city = p.city
union all
-- A report whose cities add up to its total of the country has counted the other cities too.
select
    p.quantity,
    p.list,
    'register',
    k.city,
    p.year,
    p.year_to,
    replace(p.list, 'published: ', '') || ' names all it counts, none of them here',
    0.0,
    p.source,
    p.url,
    p.source_file,
    p.source_row
from core.published_counts as p
inner join marts.list_counts as l
    on l.quantity = p.quantity and l.list = p.list and l.country = p.country and l.year = p.year and l.city is null and l.n = 0
inner join core.cities as k on k.country = p.country
left join core.published_counts as n
    on n.quantity = p.quantity and n.list = p.list and n.year = p.year and n.year_to = p.year_to and n.city = k.city
where n.city is null
