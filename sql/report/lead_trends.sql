-- Trend of the log lead by source and panel.
from index.snowball where statistic = 'log_lead_trend' order by dataset <> 'register', dataset
