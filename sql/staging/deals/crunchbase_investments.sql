-- A row of the source is one investor in a round; company, place, month and amount together identify the round.
select
    'crunchbase_investments:' || company || '|' || country || '|' || coalesce(place, '') || '|' || funded_month
    || '|' || coalesce(cast(cast(raised_usd as bigint) as varchar), '') as report,
    'crunchbase_investments' as dataset,
    company || '|' || country || '|' || coalesce(place, '') as company_key,
    company,
    country,
    place,
    funded_month as date,
    null as round,
    cast(cast(raised_usd as bigint) as varchar) as amount_text,
    'USD' as currency,
    raised_usd as amount_low,
    raised_usd as amount_high,
    source_file,
    min(source_row) as source_row
from landing.crunchbase_investments__investments
group by company, country, place, funded_month, raised_usd, source_file
