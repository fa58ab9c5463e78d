select
    'itjuzi' as dataset,
    company as key,
    company,
    case place when '香港' then 'HK' when '台湾' then 'TW' when '国外' then null else 'CN' end as country,
    cast(place as varchar) as place,
    source_file,
    source_row
from landing.itjuzi__events
