-- One row for each indicator of Readiness compared with the benchmark and each source that counts it both there and in a city shown.
with counted as (
    select
        i.indicator, case when p.is_report then c.list else c.dataset end as source,
        bool_or(c.city in (select benchmark from benchmark)) and bool_or(c.city not in (select benchmark from benchmark)) as is_shared
    from marts.list_counts as c
    inner join marts.list_profiles as p on p.quantity = c.quantity and p.list = c.list
    -- A list may have rows of a city that it does not look at, such as the register of investors abroad. One that is exact has no attention.
    left join index.attention as a on a.quantity = c.quantity and a.list = c.list and a.city = c.city
    inner join core.indicators as i on i.quantity = c.quantity and i.goalpost = 'benchmark' and i.measure = 'Readiness'
    where
        c.city in (select city from shown_cities union all select benchmark from benchmark)
        and (a.city is not null or p.completeness in ('census', 'largest'))
    group by i.indicator, source
)

select indicator, source
from counted
where is_shared
order by indicator, source
