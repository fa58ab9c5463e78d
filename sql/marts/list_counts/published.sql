-- Totals of cities as reports print them; and of a country whose whole they print, what is left for the cities they do not name.
-- What a report adds up over several years counts in each of them alike.
with printed as (
    select quantity, list, city, country, n / (year_to - year + 1) as n, unnest(range(year, year_to + 1)) as year
    from core.published_counts
),

cities as (
    select p.quantity, p.list, c.country, c.province, p.city, p.year, p.n
    from printed as p
    inner join core.cities as c on c.city = p.city
),

named as (
    select quantity, list, country, year, sum(n) as n from cities group by quantity, list, country, year
)

select quantity, list, 'register' as dataset, country, province, city, year, n
from cities
union all
select p.quantity, p.list, 'register', p.country, null, null, p.year, p.n - coalesce(n.n, 0)
from printed as p
left join named as n on n.quantity = p.quantity and n.list = p.list and n.country = p.country and n.year = p.year
where p.country is not null
