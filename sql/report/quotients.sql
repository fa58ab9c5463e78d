-- Location quotients by source, period and group of sectors, the current period first.
from index.quotients order by dataset <> 'register', dataset, period = 'baseline', sector, quotient desc
