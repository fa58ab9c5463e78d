-- Indicators in the order of their list, with the goalposts in force.
select i.*, g.floor as floor_set, g.ceiling as ceiling_set
from core.indicators as i
inner join index.goalposts as g on g.indicator = i.indicator
order by i.source_row
