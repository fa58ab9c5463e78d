-- Cities of the scope that are not measured, though a list has more deals of each than any list has of a quarter of the ranked cities.
with listed as (
    select l.city, max(l.n) as n
    from (
        select city, list, sum(n) as n from marts.list_counts where quantity = 'deals_received' and city is not null group by city, list
    ) as l
    inner join core.cities as c on c.city = l.city
    inner join index.headline as h on h.scope in (c.country, 'world')
    group by l.city
),

quarter as (
    select quantile_cont(coalesce(l.n, 0), 0.25) as n
    from index.ranking as r
    left join listed as l on l.city = r.city
    where r.measure = 'Readiness'
)

select l.city
from listed as l
inner join quarter as q on l.n > q.n
where l.city not in (select city from index.scores)
order by l.n desc, l.city
