-- The source calls every round that is not seed money private equity, so the round is unknown unless a series is named.
select
    'india_deals_2015_2017:' || cast(number as varchar) as report,
    'india_deals_2015_2017' as dataset,
    company || '|' || coalesce(place, '') as company_key,
    company,
    country,
    place,
    date,
    coalesce(series, case when round_type <> 'private equity' then cast(round_type as varchar) end) as round,
    amount as amount_text,
    'USD' as currency,
    usd as amount_low,
    usd as amount_high,
    industry as sector,
    source_file,
    source_row
from landing.india_deals_2015_2017__deals
