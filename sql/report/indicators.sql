-- Indicators in the order of their list, with what scores a hundred, its interval and the city that has it.
select i.*, g.value as goalpost_value, g.value_low as goalpost_low, g.value_high as goalpost_high, g.city as goalpost_city, g.base_year
from core.indicators as i
inner join index.goalposts as g on g.indicator = i.indicator
order by i.source_row
