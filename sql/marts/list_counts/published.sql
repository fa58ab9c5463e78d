-- Totals of cities as reports print them; and of a country whose whole they print, what is left for the cities they do not name.
-- Of the totals of a country that a publication prints within five years, from 2000 on, the one nearest their middle is taken. Editions
-- repeat each other, what a city has in such a period belongs to that year, and what is left is dealt to all other cities of the country.
with cities as (
    select p.quantity, p.list, c.country, c.province, p.city, p.year, p.year_to, p.n
    from core.published_counts as p
    inner join core.cities as c on c.city = p.city
),

named as (
    select quantity, list, country, year, year_to, sum(n) as n from cities group by quantity, list, country, year, year_to
),

totals as (
    select
        quantity,
        list,
        country,
        year,
        year_to,
        n,
        row_number() over (
            partition by quantity, source, country, floor((year + year_to) / 10.0)
            order by abs((year + year_to) / 2.0 - floor((year + year_to) / 10.0) * 5 - 2), list desc
        ) as place
    from core.published_counts
    where country is not null
)

select quantity, list, 'register' as dataset, country, province, city, year, year_to, n
from cities
union all
select p.quantity, p.list, 'register', p.country, null, null, p.year, p.year_to, p.n - coalesce(n.n, 0)
from totals as p
left join named as n
    on n.quantity = p.quantity and n.list = p.list and n.country = p.country and n.year = p.year and n.year_to = p.year_to
where p.place = 1
