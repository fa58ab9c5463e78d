-- One row per report that names investors, of a deal with several reports: in which order their lists are believed.
-- Sources spell and split investors differently ("Sequoia Capital", "Sequoia Capital China"), so that their lists put
-- together would count one investor twice: a deal has the investors of its most trusted report that names any. Most deals
-- have one report, and the reports of those are not looked up.
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
    deal,  -- Deal it is a report of. #not_null
    deal_year,  -- Year the deal was announced. #not_null
    row_number() over (partition by deal order by source_priority, report) as turn  -- 1 is the list that is taken. #not_null
from naming
