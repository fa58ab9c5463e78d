-- Scores of the cities shown by pillar in the headline year, how far each is behind the benchmark, and how many sources count both
-- in the last period; a report that prints totals is a source of its own. What no list dates stands the same in all years and cannot
-- fall, so its sources are not counted, and how many years ago the benchmark stood there is not known.
with last_period as (
    select cast(ceil((max(year_from) + max(year_to)) / 2.0) as integer) as since from index.growth
),

counted as (
    select i.pillar, c.city, case when p.is_report then c.list else c.dataset end as source
    from marts.list_counts as c
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    inner join core.indicators as i on i.quantity = c.quantity and i.goalpost = 'benchmark'
    where c.year_to >= (select since from last_period)
        and c.city in (select city from shown_cities union select benchmark from benchmark)
),

sources as (
    select o.pillar, o.city, count(distinct o.source) as n_sources
    from counted as o
    inner join counted as b on b.pillar = o.pillar and b.source = o.source and b.city in (select benchmark from benchmark)
    group by o.pillar, o.city
),

dated as (
    select i.pillar
    from core.indicators as i
    inner join marts.list_counts as c on c.quantity = i.quantity
    where i.goalpost = 'benchmark'
    group by i.pillar
    having min(c.year) < max(c.year_to)
)

select p.pillar_name as pillar, s.city, s.score, s.score_low as low, s.score_high as high,
    case when d.city is not null then b.score end as benchmark_score, d.times_less, d.times_less_low, d.times_less_high,
    y.years_behind, y.years_low, y.years_high, y.how, p.measure = 'Realised' as is_realised, n.n_sources,
    (select since from last_period) as since
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join (select distinct pillar, pillar_name, measure from core.indicators) as p on p.pillar = s.measure
inner join shown_cities as c on c.city = s.city
left join index.distance as d on d.measure = s.measure and d.city = s.city
left join index.distance as y on y.measure = s.measure and y.city = s.city and s.measure in (from dated)
left join index.scores as b on b.measure = s.measure and b.year = s.year and b.city in (select benchmark from benchmark)
left join sources as n on n.pillar = s.measure and n.city = s.city
order by s.measure, c.rank, s.city
