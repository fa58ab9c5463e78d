select measure, dataset, coalesce(cast(year as varchar), 'as listed') as period, country, province, city, value
from core.research
