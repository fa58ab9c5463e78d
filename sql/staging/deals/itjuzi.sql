select
    'itjuzi:' || link as report,
    'itjuzi' as dataset,
    company as company_key,
    company,
    case place when '香港' then 'HK' when '台湾' then 'TW' when '国外' then null else 'CN' end as country,
    cast(place as varchar) as place,
    date,
    round,
    amount as amount_text,
    currency,
    amount_low,
    amount_high,
    cast(field as varchar) as sector,
    link as url,
    source_file,
    source_row
from landing.itjuzi__events
