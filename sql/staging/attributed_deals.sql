-- One row per deal of staging.counted_deals with a named investor: the deals that are attributed to places, in numbers.
with counted as (
    select
        dataset_number,
        deal_number,
        count(*) as n_investors,
        count(area_number) as n_located,
        count(case when is_lead = 1 then 1 end) as n_all_leads,
        count(case when is_lead = 1 then area_number end) as n_leads
    from staging.counted_investors
    group by dataset_number, deal_number
)

select
    d.dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    d.deal_number,  -- Report that stands for the deal. #not_null
    d.year,  -- Year announced. #not_null #part
    d.country,  -- Country of the company.
    d.area_number,  -- Area of its city or province, where known.
    case when d.usd_low = d.usd_high then d.usd_low end as usd,  -- Amount, US dollars; null unless the exact amount is known.
    n.n_investors,  -- Number of investors announced.
    n.n_located,  -- Number of investors whose home is known.
    n.n_all_leads,  -- Number of investors named as lead.
    n.n_leads  -- Of these, those whose home is known.
from staging.counted_deals as d
inner join counted as n on n.dataset_number = d.dataset_number and n.deal_number = d.deal_number
