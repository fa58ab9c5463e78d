select
    'crunchbase_investments' as dataset,
    'crunchbase_investments:' || company || '|' || country || '|' || coalesce(place, '') || '|' || funded_month
    || '|' || coalesce(cast(cast(raised_usd as bigint) as varchar), '') as report,
    funded_month is not null as is_dated,
    investor,
    investor || '|' || investor_country as investor_key,
    false as is_lead,
    investor_country as country,
    investor_place as place,
    source_file,
    source_row
from landing.crunchbase_investments__investments
