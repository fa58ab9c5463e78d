-- One row per deal of staging.attributed_deals and place where one of its investors has a home or an office, in numbers: how much of the deal each
-- attribution rule credits to the place. #view
select
    p.dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    p.deal_number,  -- Report that stands for the deal. #not_null
    d.country,  -- Country of the company.
    d.area_number,  -- Area of its city or province, where known.
    p.unit_number,  -- Unit the deal is credited to. #not_null
    p.area_number as unit_area,  -- Area of an office or home there, whose country it is. #not_null
    p.home_area,  -- Area of a home there; null if there are only offices.
    d.year,  -- Year announced. #not_null #part
    d.n_investors,  -- Number of investors announced.
    d.n_located,  -- Number of investors whose home is known.
    case when p.n_here > 0 then 1 else 0 end as any_rule,  -- 1 if an investor has its home here.
    1 as office_rule,  -- 1 if an investor has its home or any office here in that year; offices without years count as open.
    case when p.n_here > 0 then 1 else p.is_dated end as office_rule_dated,  -- The same without them.
    case
        when d.n_leads > 0 then p.n_leads_here * 1.0 / nullif(d.n_leads, 0)
        else p.n_here * 1.0 / nullif(d.n_located, 0)
    end as lead_rule,  -- Share of the located lead investors with their home here; the fractional share if no lead is located.
    p.n_here * 1.0 / nullif(d.n_located, 0)
        as fractional_rule,  -- Share of the located investors with their home here; null if no home is known.
    p.office_shares / nullif(d.n_located, 0)
        as fractional_office_rule,  -- The same, each investor split over its open offices.
    p.n_here * 1.0 / nullif(d.n_located, 0) * d.usd
        as amount_rule_usd,  -- The same of the amount, US dollars; null unless the amount is known exactly.
    case
        when d.n_all_leads > 0 then p.n_leads_here * 1.0 / nullif(d.n_all_leads, 0)
        else p.n_here * 1.0 / nullif(d.n_investors, 0)
    end as lead_low,  -- Lower bound of the lead rule: every unlocated investor is elsewhere.
    p.n_here * 1.0 / nullif(d.n_investors, 0) as fractional_low,  -- Lower bound of the fractional rule: every unlocated investor is elsewhere.
    p.n_here,  -- Investors with their home here.
    p.n_leads_here,  -- Lead investors with their home here.
    d.n_all_leads,  -- Number of investors named as lead.
    d.n_leads  -- Of these, those whose home is known.
from staging.deal_places as p
inner join staging.attributed_deals as d 
    on d.dataset_number = p.dataset_number and d.deal_number = p.deal_number and d.year = p.year
