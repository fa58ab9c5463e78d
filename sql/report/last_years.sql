-- Up to which year lists count each indicator in the scope, in the order of their list.
select i.name, i.measure, max(d.last_year) as last_year, max(h.year) as headline_year
from core.indicators as i
inner join marts.indicator_detail as d on d.indicator = i.indicator
cross join index.headline as h
group by i.name, i.measure, i.source_row
order by i.source_row
