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
