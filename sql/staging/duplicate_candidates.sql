-- One row per report and year in which a duplicate of it may begin, with company and amount in US dollars. A report is listed
-- in its own year, in the next year if it or the 60 days after it reach that year, and, if curated, in the year before, because a
-- curated report may begin after its duplicate. So two reports at most 60 days apart meet in the year of the later one.
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
    v.year + s.step as year,  -- Year in which a duplicate of it may begin. #not_null
    s.step = 0 as is_own_year,  -- The report itself begins in that year.
    v.company,  -- Company financed. #not_null
    v.round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none.
    v.date_low,  -- First day on which it may have been announced.
    v.date_high,  -- Last day on which it may have been announced.
    v.usd_low,  -- Lowest possible amount, US dollars at the year's average rate; null if undisclosed.
    v.usd_high  -- Highest possible amount; null if open.
from valued as v
inner join (select 0 as step union all select 1 as step union all select -1 as step) as s
    on
        s.step = 0
        or (s.step = 1 and year(v.date_high + interval 60 day) > v.year)
        or (s.step = -1 and v.dataset = 'register')
