-- The benchmark and the year of its goalposts, in one row.
select g.city as benchmark, min(g.base_year) as base_year
from index.goalposts as g
inner join core.indicators as i on i.indicator = g.indicator and i.goalpost = 'benchmark'
group by g.city
