-- One row per funding round with several reports: their number, and the amount raised.
with shared as (
    select f.deal_number, r.report_number, r.dataset_number, d.source_priority, r.usd_low, r.usd_high
    from staging.reports as r
    inner join staging.duplicate_reports as f on f.report_number = r.report_number
    inner join staging.datasets as d on d.dataset_number = r.dataset_number
),

reports as (
    select deal_number, count(*) as n_reports, count(distinct dataset_number) as n_sources
    from shared
    group by deal_number
),

-- The amount of the report with the best source priority that gives one; among equals, the narrowest range.
amounts as (
    select
        deal_number,
        usd_low,
        usd_high,
        row_number() over (
            partition by deal_number order by source_priority, usd_high / nullif(usd_low, 0), report_number
        ) as turn
    from shared
    where usd_low is not null
)

select
    n.deal_number,  -- Number of the report that represents it. #unique #not_null
    n.n_reports,  -- Number of reports of it. #not_null
    n.n_sources,  -- Number of sources that report it. #not_null
    a.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    a.usd_high  -- Highest possible amount; null if open.
from reports as n
left join amounts as a on a.deal_number = n.deal_number and a.turn = 1
