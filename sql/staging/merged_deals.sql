-- One row per funding round with several reports: their number, and the amount raised.
with shared as (
    select r.deal, r.report, r.dataset, r.source_priority, r.usd_low, r.usd_high
    from core.deal_reports as r
    inner join (select distinct deal from staging.duplicate_reports) as f on f.deal = r.deal
),

reports as (
    select deal, count(*) as n_reports, count(distinct dataset) as n_sources
    from shared
    group by deal
),

-- The amount of the report with the best source priority that gives one; among equals, the narrowest range.
amounts as (
    select
        deal,
        usd_low,
        usd_high,
        row_number() over (partition by deal order by source_priority, usd_high / nullif(usd_low, 0), report) as turn
    from shared
    where usd_low is not null
)

select
    n.deal,  -- Readable key of the report that represents it. #unique #not_null
    n.n_reports,  -- Number of reports of it. #not_null
    n.n_sources,  -- Number of sources that report it. #not_null
    a.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    a.usd_high  -- Highest possible amount; null if open.
from reports as n
left join amounts as a on a.deal = n.deal and a.turn = 1
