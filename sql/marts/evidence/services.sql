-- Offices of service firms from the year they opened: law firms with a listing or M&A practice, audit firms, executive-search
-- firms and investment banks.
select
    'services' as indicator,
    'register' as dataset,
    city,
    opened as year,
    cast(null as integer) as year_to,
    cast(null as varchar) as company,
    firm || case when opened is null then ' (year opened unknown)' else '' end as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from core.service_offices
where kind in ('law', 'audit', 'search', 'bank')
