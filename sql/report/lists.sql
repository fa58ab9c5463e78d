-- What the measurement model has learned of each list, the fullest of their quantity first, and whether it counts in the scope.
-- A total of the country alone does not: it compares no cities.
with in_scope as (
    select distinct c.quantity, c.list
    from marts.list_counts as c
    inner join index.headline as h on h.scope in (c.country, 'world')
    where c.city is not null or c.province is not null
)

select replace(l.quantity, '_', ' ') as quantity, l.* exclude (quantity), p.is_report, s.list is not null as is_in_scope
from index.lists as l
inner join marts.list_profiles as p on p.quantity = l.quantity and p.list = l.list
left join in_scope as s on s.quantity = l.quantity and s.list = l.list
order by l.quantity, not l.is_yardstick, l.list
