-- One row per report whose deal counts otherwise for its source than for all sources together: because it is curated or not the
-- only report of its round, or because its company or an investor has another place there. The other deals are counted once for
-- both.
with known as (
    select dataset_number, investor_number, case when dataset_number = 0 and is_home then area_number end as home_area
    from staging.investor_areas
    union all
    select dataset_number, investor_number, null as home_area
    from staging.offices
),

investors as (
    select
        investor_number,
        min(nullif(dataset_number, 0)) as first_dataset,
        max(nullif(dataset_number, 0)) as last_dataset,
        max(home_area) as home_area
    from known
    group by investor_number
)

select report_number  -- Report. #unique #not_null
from staging.duplicate_reports
union
select r.report_number
from staging.reports as r
inner join staging.datasets as d on d.dataset_number = r.dataset_number
left join staging.areas as p on p.area_number = r.area_number
left join staging.company_areas as c
    on c.company_number = r.company_number and r.year between c.first_year and c.last_year
where
    d.dataset = 'register'
    or p.country <> c.country
    or coalesce(case when p.country is null then c.area_number when p.level <> 'country' then r.area_number end, 0)
    <> coalesce(c.area_number, case when p.level <> 'country' then r.area_number end, 0)
union
select i.report_number
from staging.investments as i
left join investors as k on k.investor_number = i.investor_number
left join staging.place_units as p on p.place_number = i.place_number
where
    k.first_dataset <> i.dataset_number
    or k.last_dataset <> i.dataset_number
    or coalesce(p.area_number, k.home_area, 0) <> coalesce(k.home_area, 0)
