-- Totals of cities as reports print them.
select
    p.quantity,
    p.list,
    'register' as dataset,
    c.country,
    c.province,
    p.city,
    p.year,
    p.n
from core.published_counts as p
inner join core.cities as c on c.city = p.city
