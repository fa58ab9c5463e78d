-- One row per deal of staging.attributed_deals and place where one of its investors has a home or an office, in numbers: what the
-- rules of attribution count there.
with
-- An investor whose offices all lack years is credited with all of them in every deal, because few offices have years.
visits as (
    select
        i.dataset_number,
        i.deal_number,
        i.year,
        o.unit_number,
        o.area_number,
        case when o.unit_number = a.unit_number then i.area_number end as home_area,
        case when o.unit_number = a.unit_number then i.is_lead end as is_lead_here,
        case when i.area_number is not null then 1.0 / nullif(o.n_offices, 0) else 0 end as office_share,
        o.unit_number = a.unit_number or not o.is_curated as is_dated
    from staging.counted_investors as i
    inner join staging.offices as o on o.dataset_number = abs(i.dataset_number) and o.investor_number = i.investor_number
    left join staging.areas as a on a.area_number = i.area_number
    where o.n_dated = 0
    union all
    select
        i.dataset_number,
        i.deal_number,
        i.year,
        o.unit_number,
        o.area_number,
        case when o.unit_number = a.unit_number then i.area_number end as home_area,
        case when o.unit_number = a.unit_number then i.is_lead end as is_lead_here,
        case
            when i.area_number is not null
                then 1.0 / count(*) over (partition by i.dataset_number, i.deal_number, i.investor_number)
            else 0
        end as office_share,
        o.unit_number = a.unit_number or o.opened is not null or not o.is_curated as is_dated
    from staging.counted_investors as i
    inner join staging.offices as o on o.dataset_number = abs(i.dataset_number) and o.investor_number = i.investor_number
    left join staging.areas as a on a.area_number = i.area_number
    where
        o.n_dated > 0
        and (o.unit_number = a.unit_number or (coalesce(o.opened, i.year) <= i.year and coalesce(o.closed, i.year) >= i.year))
    union all
    -- Homes where no office is known.
    select
        i.dataset_number,
        i.deal_number,
        i.year,
        a.unit_number,
        i.area_number,
        i.area_number as home_area,
        i.is_lead as is_lead_here,
        0 as office_share,
        true as is_dated
    from staging.counted_investors as i
    inner join staging.areas as a on a.area_number = i.area_number
    left join staging.offices as o
        on o.dataset_number = abs(i.dataset_number) and o.investor_number = i.investor_number and o.unit_number = a.unit_number
    where o.unit_number is null
)

select
    dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    deal_number,  -- Report that stands for the deal. #not_null
    year,  -- Year announced. #not_null #part
    unit_number,  -- Unit. #not_null
    min(area_number) as area_number,  -- Area of an office or home there, whose country it is. #not_null
    min(home_area) as home_area,  -- Area of a home there; null if there are only offices.
    count(home_area) as n_here,  -- Investors with their home here.
    count(case when is_lead_here = 1 then 1 end) as n_leads_here,  -- Lead investors with their home here.
    round(sum(office_share), 12)
        as office_shares,  -- Sum over located investors of one over their open offices; rounded, as the order changes the last digits.
    max(case when is_dated then 1 else 0 end)
        as is_dated  -- 1 if a home, or an office whose year is known or that a source lists, is here.
from visits
group by dataset_number, deal_number, year, unit_number
