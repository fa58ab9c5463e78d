-- The first of January means the year, as in 2013.
select
    'crunchbase_2015:' || round_key as report,
    'crunchbase_2015' as dataset,
    company_key,
    coalesce(company, replace(substr(company_key, 15), '-', ' ')) as company,
    country,
    case when metro = 'SF Bay Area' then 'SF Bay' when country in ('USA', 'CAN') then region end as region,
    place,
    case when funded_year is not null then regexp_replace(funded_at, '-01-01( 00:00:00)?$', '') end as date,
    coalesce(round_code, cast(round_type as varchar)) as round,
    cast(cast(raised_usd as bigint) as varchar) as amount_text,
    'USD' as currency,
    raised_usd as amount_low,
    raised_usd as amount_high,
    category as sector,
    source_file,
    source_row
from landing.crunchbase_2015__rounds
