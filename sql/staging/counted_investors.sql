-- One row per source, deal and investor, and one for all sources together if they count the deal otherwise, with the investor's
-- home where known, in numbers.
with printed as (
    select
        report_number,
        dataset_number,
        year,
        investor_number,
        max(is_lead) as is_lead,
        min(place_number) as place_number,
        min(file_number) as file_number,
        min(source_row) as source_row
    from staging.investments
    group by report_number, dataset_number, year, investor_number
),

-- Each investor counts once for its source, and once for all sources together if its report's list is the one used. One row is
-- both, unless its deal counts otherwise.
listed as (
    select
        case when x.report_number is null then -i.dataset_number when t.is_together then 0 else i.dataset_number end as dataset_number,
        coalesce(case when t.is_together then o.deal_number else o.source_deal end, i.report_number) as deal_number,
        coalesce(case when t.is_together then o.deal_year else o.source_year end, i.year) as year,
        i.investor_number,
        i.is_lead,
        case when not t.is_together then i.place_number end as place_number,
        i.file_number,
        i.source_row
    from printed as i
    left join staging.split_reports as x on x.report_number = i.report_number
    left join staging.investor_lists as o on o.report_number = i.report_number
    cross join (select false as is_together union all select true as is_together) as t
    where
        coalesce(case when t.is_together then o.turn else o.source_turn end, 1) = 1
        and (x.report_number is not null or not t.is_together)
)

select
    i.dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    i.deal_number,  -- Report that stands for the deal: the source's, or that which represents it. #not_null
    i.year,  -- Year announced. #not_null #part
    i.investor_number,  -- Investor. #not_null
    i.is_lead,  -- 1 if named as lead. #not_null
    -- The place printed beside the deal goes before the investor's home in that source.
    coalesce(p.area_number, h.area_number) as area_number,  -- Area of its home, where known.
    i.file_number,  -- File that holds the row. #not_null
    i.source_row  -- Row of that file. #not_null
from listed as i
left join staging.place_units as p on p.place_number = i.place_number
left join staging.investor_areas as h
    on h.dataset_number = abs(i.dataset_number) and h.investor_number = i.investor_number and h.is_home
