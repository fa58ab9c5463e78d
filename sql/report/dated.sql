-- Whether lists count each indicator of the scope in more than one year.
select i.indicator, i.measure, coalesce(min(c.year) < max(c.year_to), false) as is_dated
from core.indicators as i
inner join index.goalposts as g on g.indicator = i.indicator
left join marts.list_counts as c on c.quantity = i.quantity
where i.indicator in (select indicator from marts.indicator_detail)
group by i.indicator, i.measure
