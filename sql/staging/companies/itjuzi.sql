select
    'itjuzi' as dataset,
    company as key,
    company,
    null as company_other,
    case place when '香港' then 'HK' when '台湾' then 'TW' when '国外' then null else 'CN' end as country,
    null as region,
    cast(place as varchar) as place,
    null as founded,
    source_file,
    source_row
from landing.itjuzi__events
