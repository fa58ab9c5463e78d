-- Up to which year lists count each indicator in the scope, in the order of their list. The benchmark may be followed longer than
-- any other city, so it does not count.
select i.name, i.measure, max(d.last_year) as last_year, max(h.year) as headline_year
from core.indicators as i
inner join marts.indicator_detail as d on d.indicator = i.indicator
cross join index.headline as h
where
    d.city not in (
        select g.city from index.goalposts as g
        inner join core.indicators as b on b.indicator = g.indicator and b.goalpost = 'benchmark'
    )
group by i.name, i.measure, i.source_row
order by i.source_row
