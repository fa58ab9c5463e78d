-- One row per report that names investors, of a deal with several reports: the order in which their lists are preferred.
-- Sources spell and split investors differently ("Sequoia Capital", "Sequoia Capital China"), so combined lists would count an
-- investor twice. A deal therefore has the investors of its preferred report that names any. Deals with one report are left out.
with repeated as (
    select d.deal, d.year
    from core.deal_reports as d
    inner join (select distinct deal from staging.duplicate_reports) as f on f.deal = d.report
),

naming as (
    select distinct r.report, r.deal, r.source_priority, d.year as deal_year
    from core.deal_reports as r
    inner join repeated as d on d.deal = r.deal
    inner join staging.deal_investors as s on s.report = r.report
)

select
    report,  -- Deal as the source reports it. #unique #not_null
    deal,  -- Deal that it reports. #not_null
    deal_year,  -- Year in which the deal was announced. #not_null
    row_number() over (partition by deal order by source_priority, report) as turn  -- 1 for the list that is used. #not_null
from naming
