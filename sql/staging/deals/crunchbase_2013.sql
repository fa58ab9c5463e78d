-- Rounds have no key and no investors: company, type, day and amount together identify the round, which 61 of them do twice or more.
-- The first of January means the year: it has 24 times as many rounds as an ordinary day.
with numbered as (
    select
        *,
        row_number() over (partition by company_key, round_type, funded_at, raised_usd order by source_row) as turn
    from landing.crunchbase_2013__rounds
)

select
    'crunchbase_2013:' || cast(source_row as varchar) as report,
    'crunchbase_2013' as dataset,
    company_key,
    company,
    country,
    case when metro = 'SF Bay' and region = 'CA' then 'SF Bay' else region end as region,
    place,
    regexp_replace(funded_at, '-01-01$', '') as date,
    round_type as round,
    cast(cast(raised_usd as bigint) as varchar) as amount_text,
    'USD' as currency,
    raised_usd as amount_low,
    raised_usd as amount_high,
    category as sector,
    source_file,
    source_row
from numbered
where turn = 1
