-- One row per city of the country that the register knows best: its rows there, by which the register counts it or not.
with located as (
    select c.country, c.city, sum(c.n) as n
    from marts.list_counts as c
    semi join (from marts.list_profiles where completeness <> 'selection') as p
        on p.dataset = c.dataset and p.quantity = c.quantity and p.list = c.list
    where c.dataset = 'register' and c.city is not null and c.quantity <> 'population'
    group by c.country, c.city
)

select city, round(n)::integer as n
from located
where country = (select country from located group by country order by count(*) desc, country desc limit 1)
