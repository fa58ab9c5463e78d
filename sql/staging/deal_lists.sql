-- One row per report that names investors, of a deal with several reports: in which order their lists are believed.
-- Sources spell and split investors differently ("Sequoia Capital", "Sequoia Capital China"), so that their lists put
-- together would count one investor twice: a deal has the investors of its most trusted report that names any. Most deals
-- have one report, and the reports of those are not looked up.
with shared as (
    select r.deal, r.report, r.trust, f.deal_year
    from core.deal_reports as r
    inner join (
        select d.deal, d.year as deal_year
        from core.deal_reports as d
        inner join (select distinct deal from core.deal_reports where report <> deal) as o on o.deal = d.report
    ) as f on f.deal = r.deal
),

naming as (
    select distinct m.report, m.deal, m.deal_year, m.trust
    from shared as m
    inner join staging.deal_investors as s on s.report = m.report
)

select
    report,  -- Deal as the source reports it. #unique #not_null
    deal,  -- Deal it is a report of. #not_null
    deal_year,  -- Year the deal was announced. #not_null
    row_number() over (partition by deal order by trust, report) as turn  -- 1 is the list that is taken. #not_null
from naming
