-- Totals of cities as reports print them; and of a country whose whole they print, what is left for the cities they do not name.
with cities as (
    select p.quantity, p.list, c.country, c.province, p.city, p.year, p.year_to, p.n
    from core.published_counts as p
    inner join core.cities as c on c.city = p.city
),

named as (
    select quantity, list, country, year, year_to, sum(n) as n from cities group by quantity, list, country, year, year_to
)

select quantity, list, 'register' as dataset, country, province, city, year, year_to, n
from cities
union all
select p.quantity, p.list, 'register', p.country, null, null, p.year, p.year_to, p.n - coalesce(n.n, 0)
from core.published_counts as p
left join named as n
    on n.quantity = p.quantity and n.list = p.list and n.country = p.country and n.year = p.year and n.year_to = p.year_to
where p.country is not null
