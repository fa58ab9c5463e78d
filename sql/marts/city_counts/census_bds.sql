-- Firms with employees, most of which no investor would call startups, so they are not among the companies founded.
select
    case sector when '51' then 'new firms, information' else 'new firms, professional services' end as measure,
    'census_bds' as dataset,
    cast(year as varchar) as period,
    country,
    province,
    city,
    cast(new_firms as double) as value
from staging.census_bds
