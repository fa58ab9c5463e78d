-- Of each of the first eight cities, what share of the weight of Readiness the register counts and no other source or report does.
-- Where no list looks, the register may have rows that are not read, such as those of investors abroad.
with counted as (
    select c.city, c.quantity, bool_and(c.dataset = 'register' and not p.is_report) as is_alone
    from marts.list_counts as c
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    group by c.city, c.quantity
),

weights as (
    select d.city, i.quantity, d.n_lists, p.weight * i.weight / sum(i.weight) over (partition by d.city, i.pillar) as weight
    from marts.indicator_detail as d
    inner join index.headline as h on h.year = d.year
    inner join core.indicators as i on i.indicator = d.indicator
    inner join index.pillars as p on p.pillar = i.pillar and p.measure = 'Readiness'
)

select r.city, coalesce(sum(w.weight) filter (where c.is_alone and w.n_lists > 0), 0) as share
from index.ranking as r
left join weights as w on w.city = r.city
left join counted as c on c.city = r.city and c.quantity = w.quantity
where r.measure = 'Readiness' and r.rank <= 8
group by r.city, r.rank
order by r.rank, r.city
