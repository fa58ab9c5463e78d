select
    'inbox:' || source_file || '#' || cast(source_row as varchar) as report,
    'inbox' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as company_key,
    company,
    country,
    region,
    place,
    date,
    round,
    amount as amount_text,
    currency,
    amount_low,
    amount_high,
    source_file,
    source_row
from landing.inbox__deals
