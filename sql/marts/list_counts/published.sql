-- Totals of cities as reports print them; and of a country whose whole they print, what is left for the cities they do not name.
-- Of the totals of a country that a publication prints within five years, from 2000 on, the one nearest their middle is taken, and of two
-- as near the one whose edition names the larger part of it. Editions repeat each other, what a city has in such a period belongs to
-- that year, and what is left is dealt to all other cities of the country.
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
        p.quantity,
        p.list,
        p.country,
        p.year,
        p.year_to,
        p.n,
        n.n as n_named,
        row_number() over (
            partition by p.quantity, p.source, p.country, floor((p.year + p.year_to) / 10.0)
            order by
                abs((p.year + p.year_to) / 2.0 - floor((p.year + p.year_to) / 10.0) * 5 - 2),
                coalesce(n.n, 0) / greatest(p.n, 1) desc,
                p.list desc
        ) as place
    from core.published_counts as p
    left join named as n
        on n.quantity = p.quantity and n.list = p.list and n.country = p.country and n.year = p.year and n.year_to = p.year_to
    where p.country is not null
)

select quantity, list, 'register' as dataset, country, province, city, year, year_to, n
from cities
union all
select quantity, list, 'register', country, null, null, year, year_to, n - coalesce(n_named, 0)
from totals
where place = 1
