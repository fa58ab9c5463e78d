-- One row for each indicator of Readiness compared with the benchmark and each source that counts it both there and in a city shown.
with counted as (
    select
        i.indicator, case when p.is_report then c.list else c.dataset end as source,
        bool_or(c.city in (select benchmark from benchmark)) and bool_or(c.city not in (select benchmark from benchmark)) as is_shared
    from marts.list_counts as c
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    inner join core.indicators as i on i.quantity = c.quantity and i.goalpost = 'benchmark' and i.measure = 'Readiness'
    where c.city in (select city from shown_cities union all select benchmark from benchmark)
    group by i.indicator, source
)

select indicator, source
from counted
where is_shared
order by indicator, source
