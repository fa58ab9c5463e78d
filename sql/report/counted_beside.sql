-- What each list counts of the leading city and of the benchmark, where it counts both: in the years that are measured, or, of what
-- stands, in its last edition up to the headline year; and how many times as much the benchmark is estimated to have in the headline year,
-- by the scores: values are on the scale of one list.
with pair as (
    select b.benchmark, (select c.city from shown_cities as c where c.city <> b.benchmark order by c.rank, c.city limit 1) as city
    from benchmark as b
),

counted as (
    select c.quantity, c.list, p.is_report, c.city, c.year, c.year_to, c.n, p.is_stock,
        max(c.year_to) filter (where c.year_to <= h.year) over (partition by c.quantity, c.list) as last_year
    from marts.list_counts as c
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    cross join index.headline as h
    inner join pair as b on c.city in (b.city, b.benchmark)
),

sums as (
    select quantity, list, is_report, city, min(year) as year_from, max(year_to) as year_to, sum(n) as n
    from counted
    where year is null or case when is_stock then year_to = last_year else year between 2000 and 2024 end
    group by quantity, list, is_report, city
)

select i.pillar_name as pillar, i.name, l.list, l.is_report, least(l.year_from, b.year_from) as year_from,
    greatest(l.year_to, b.year_to) as year_to, p.city, l.n, p.benchmark, b.n as benchmark_n, b.n / l.n as times,
    power(2, (vb.score - v.score) / 10) as times_estimated
from pair as p
inner join sums as l on l.city = p.city and l.n > 0
inner join sums as b on b.city = p.benchmark and b.quantity = l.quantity and b.list = l.list and b.n > 0
inner join core.indicators as i on i.quantity = l.quantity and i.goalpost = 'benchmark' and i.per is null
cross join index.headline as h
left join marts.indicator_values as v on v.indicator = i.indicator and v.city = p.city and v.year = h.year
left join marts.indicator_values as vb on vb.indicator = i.indicator and vb.city = p.benchmark and vb.year = h.year
order by i.source_row, l.is_report, l.list
