-- Every indicator of the cities carried and the benchmark in the headline year: value and score with intervals, and its lists.
-- Where a complete list sets the unit, ``counted`` is what it counts itself, last; the value is an estimate by all lists.
-- Of an indicator on which another city scores 100 the benchmark has no score, so it is left out there.
with complete as (
    select c.quantity, c.city, c.n, rank() over (partition by c.quantity order by c.year desc nulls last) as place
    from marts.list_counts as c
    inner join index.lists as l
        on l.quantity = c.quantity and l.list = c.list and l.dataset = c.dataset and l.is_yardstick and l.attention_noise is null
),

counted as (select quantity, city, sum(n) as n from complete where place = 1 group by quantity, city)

select
    v.city, v.indicator, v.value, v.value_low, v.value_high, v.score, v.score_low, v.score_high, v.n_lists, v.known,
    case
        when v.n_lists > 0 and i.per is null and i.quantity in (select quantity from counted) then coalesce(o.n, 0)
    end as counted
from marts.indicator_values as v
inner join index.headline as h on h.year = v.year
inner join core.indicators as i on i.indicator = v.indicator
inner join index.scores as s on s.year = v.year and s.city = v.city and s.measure = 'Readiness'
left join counted as o on o.quantity = i.quantity and o.city = v.city
where v.city in (from carried_cities) and s.score is not null and (v.city not in (select benchmark from benchmark) or i.goalpost = 'benchmark')
