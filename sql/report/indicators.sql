-- Indicators that lists count in the scope, in the order of their list, with what scores a hundred, its interval, the city that has it,
-- whether lists count it in more than one year, and the list that sets the unit, by the title of its source: a value is an estimate,
-- which that list itself may count otherwise; where that list is neither a census nor a report of totals, the value is relative.
select
    i.* replace (g.unit as unit),
    g.value as goalpost_value,
    g.value_low as goalpost_low,
    g.value_high as goalpost_high,
    g.city as goalpost_city,
    g.base_year,
    (select coalesce(min(c.year) < max(c.year_to), false) from marts.list_counts as c where c.quantity = i.quantity) as is_dated,
    concat_ws(
        ': ',
        coalesce(split_part(s.title, ':', 1), nullif(split_part(g.yardstick, ': ', 1), 'published')),
        replace(nullif(split_part(g.yardstick, ': ', 2), ''), '_', ' ')
    ) as counted_by,
    (select bool_or(d.is_relative) from marts.indicator_detail as d where d.indicator = i.indicator and d.year = h.year) as is_relative,
    h.year as headline_year
from core.indicators as i
cross join index.headline as h
inner join index.goalposts as g on g.indicator = i.indicator
left join (select distinct source, title from core.sources) as s on s.source = split_part(g.yardstick, ': ', 1)
where i.indicator in (select indicator from marts.indicator_detail)
order by i.source_row
