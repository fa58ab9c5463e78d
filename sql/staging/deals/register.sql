select
    deal as report,
    'register' as dataset,
    company as company_key,
    company,
    date,
    round,
    cast(amount_m as varchar) || coalesce('–' || cast(amount_max_m as varchar), '') || ' m ' || currency as amount_text,
    currency,
    amount_m * 1000000.0 as amount_low,
    coalesce(amount_max_m, amount_m) * 1000000.0 as amount_high,
    url,
    source_file,
    source_row
from staging.curated_deals
