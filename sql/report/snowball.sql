-- Every statistic of how leads grow.
from index.snowball order by dataset <> 'register', dataset, panel, statistic, flow_or_stock
