-- One row per deal as a source reports it and year in which a report may follow it, with company and US dollars.
-- A report stands in the year it begins in, in the next if it or the 60 days after it reach so far, and if curated, so that
-- it may begin later, in the one before: reports that may lie 60 days apart meet in the year the later one begins in.
with valued as (
    select
        r.report,
        r.dataset,
        r.year,
        r.round,
        r.date_low,
        r.date_high,
        n.entity as company,
        r.amount_low / x.per_usd as usd_low,
        r.amount_high / x.per_usd as usd_high
    from staging.deals as r
    inner join core.names as n on n.mention = r.company_mention
    left join core.exchange_rates as x on x.currency = r.currency and x.year = r.year
)

select
    v.report,  -- Deal as the source reports it. #not_null
    v.dataset,  -- Source. #not_null
    v.year + s.step as year,  -- Year in which a report that follows it may begin. #not_null
    s.step = 0 as is_own_year,  -- Does it begin in that year itself.
    v.company,  -- Company financed. #not_null
    v.round,  -- Round in one vocabulary; unknown where the source has none.
    v.date_low,  -- First day it can have been.
    v.date_high,  -- Last day it can have been.
    v.usd_low,  -- Least the amount can be, US dollars at the year's average rate; null if undisclosed.
    v.usd_high  -- Most it can be; null if open.
from valued as v
inner join (select 0 as step union all select 1 as step union all select -1 as step) as s
    on
        s.step = 0
        or (s.step = 1 and year(v.date_high + interval 60 day) > v.year)
        or (s.step = -1 and v.dataset = 'register')
