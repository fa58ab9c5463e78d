-- Indicators of Readiness that lists count in the benchmark alone, with their weights in the other cities, where they are inferred.
with elsewhere as (
    select i.name, i.source_row, max(d.n_lists) as n_lists, any_value(i.pillar) as pillar, any_value(i.weight) as weight
    from marts.indicator_detail as d
    inner join index.headline as h on h.year = d.year
    inner join core.indicators as i on i.indicator = d.indicator and i.measure = 'Readiness'
    where
        d.city not in (
            select g.city from index.goalposts as g
            inner join core.indicators as b on b.indicator = g.indicator and b.goalpost = 'benchmark'
        )
    group by i.name, i.source_row
),

weighed as (
    select e.*, p.weight * e.weight / sum(e.weight) over (partition by e.pillar) as share
    from elsewhere as e
    inner join index.pillars as p on p.pillar = e.pillar
)

select name, share
from weighed
where n_lists = 0
order by source_row
