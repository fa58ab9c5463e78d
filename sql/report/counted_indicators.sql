-- The indicators that lists count in the scope, in the order of their list; another country may lack some of them.
from core.indicators
where indicator in (select indicator from marts.indicator_detail)
order by source_row
