-- One row per report that names investors, of a deal with several reports: the order in which their lists are preferred.
-- Sources spell and split investors differently ("Sequoia Capital", "Sequoia Capital China"), so combined lists would count an
-- investor twice. A deal therefore has the investors of its preferred report that names any. Deals with one report are left out.
with naming as (
    select distinct f.report_number, f.deal_number, f.source_deal, s.dataset_number
    from staging.duplicate_reports as f
    inner join staging.investments as s on s.report_number = f.report_number
)

select
    n.report_number,  -- Report. #unique #not_null
    n.deal_number,  -- Number of the report that represents the deal. #not_null
    d.year as deal_year,  -- Year in which the deal was announced. #not_null
    row_number() over (partition by n.deal_number order by p.source_priority, n.report_number)
        as turn,  -- 1 for the list that is used. #not_null
    n.source_deal,  -- Number of the report that represents the deal in its source. #not_null
    o.year as source_year,  -- Year in which that one announces it. #not_null
    row_number() over (partition by n.source_deal order by n.report_number) as source_turn  -- 1 for the list that its source has. #not_null
from naming as n
inner join staging.reports as d on d.report_number = n.deal_number
inner join staging.reports as o on o.report_number = n.source_deal
inner join staging.datasets as p on p.dataset_number = n.dataset_number
