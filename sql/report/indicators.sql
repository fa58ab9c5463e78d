-- Indicators in the order of their list, with what scores a hundred, its interval, the city that has it, and the list whose
-- counts are the unit: a value is what that list would count, and no total of a city.
select
    i.* replace (g.unit as unit),
    g.value as goalpost_value,
    g.value_low as goalpost_low,
    g.value_high as goalpost_high,
    g.city as goalpost_city,
    g.base_year,
    replace(g.yardstick, 'published: ', '') as counted_by
from core.indicators as i
inner join index.goalposts as g on g.indicator = i.indicator
order by i.source_row
