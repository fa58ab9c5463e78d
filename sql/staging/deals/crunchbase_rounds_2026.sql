select
    'crunchbase_rounds_2026:' || url as report,
    'crunchbase_rounds_2026' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as company_key,
    company,
    country,
    region,
    place,
    date,
    cast(round_type as varchar) as round,
    cast(cast(raised as bigint) as varchar) || coalesce(' ' || currency, '') as amount_text,
    'USD' as currency,
    raised_usd as amount_low,
    raised_usd as amount_high,
    industries as sector,
    url,
    source_file,
    source_row
from landing.crunchbase_rounds_2026__rounds
