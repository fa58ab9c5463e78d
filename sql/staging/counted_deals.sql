-- One row per source and deal that it reports, once or more often, and one for all sources together if they count it otherwise, at the place of the
-- company, in numbers.
with placed as (
    select
        r.report_number,
        coalesce(f.source_deal, r.report_number) as source_deal,
        coalesce(f.deal_number, r.report_number) as deal_number,
        r.dataset_number,
        x.report_number is not null as is_split,
        r.year,
        r.company_number,
        p.country,
        case when p.level <> 'country' then r.area_number end as area_number,
        c.country as company_country,
        c.area_number as company_area,
        r.usd_low,
        r.usd_high
    from staging.reports as r
    left join staging.areas as p on p.area_number = r.area_number
    left join staging.company_areas as c
        on c.company_number = r.company_number and r.year between c.first_year and c.last_year
    left join staging.split_reports as x on x.report_number = r.report_number
    left join staging.duplicate_reports as f on f.report_number = r.report_number
)

select
    case when r.is_split then r.dataset_number else -r.dataset_number end
        as dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    r.report_number as deal_number,  -- Report that stands for the deal: the source's, or that which represents it. #not_null
    r.year,  -- Year announced. #not_null #part
    r.company_number,  -- Company financed; null if its name leads to no company.
    -- A source's deal is where the source says; if it names no country, it is where the company is.
    coalesce(r.country, r.company_country) as country,  -- Country of the company.
    case when r.country is null then r.company_area else r.area_number end
        as area_number,  -- Area of its city or province, where known.
    r.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    r.usd_high  -- Highest possible amount.
from placed as r
where r.report_number = r.source_deal
union all
-- Over all sources, the place of the company goes first; a round with several reports is counted once.
select
    0 as dataset_number,
    r.report_number as deal_number,
    r.year,
    r.company_number,
    coalesce(r.company_country, r.country) as country,
    coalesce(r.company_area, r.area_number) as area_number,
    case when m.deal_number is null then r.usd_low else m.usd_low end as usd_low,
    case when m.deal_number is null then r.usd_high else m.usd_high end as usd_high
from placed as r
left join staging.merged_deals as m on m.deal_number = r.report_number
where r.is_split and r.report_number = r.deal_number
