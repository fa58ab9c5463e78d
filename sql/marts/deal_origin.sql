-- One row per source, deal and place where one of its investors has a home or an office: how much of the deal each attribution
-- rule credits to the place. Keep one dataset when counting ('all' for all sources together). #view
with
-- Investors known only by the province or country may be in any of its cities.
hidden as (
    select p.*, coalesce(v.n, 0) + coalesce(w.n, 0) as n_vague, u.unit
    from staging.attributions as p
    inner join staging.units as u on u.unit_number = p.unit_number
    left join staging.investors_without_city as v
        on v.dataset_number = p.dataset_number and v.deal_number = p.deal_number and v.area_number = u.province_area
    left join staging.investors_without_city as w
        on w.dataset_number = p.dataset_number and w.deal_number = p.deal_number and w.area_number = u.country_area
)

select
    s.dataset,  -- Source, or all sources together. #not_null #unique with deal, origin
    r.report as deal,  -- Deal. #not_null
    n.entity as company,  -- Company financed.
    p.country as company_country,  -- Country of the company.
    a.province as company_province,  -- Province or state of the company.
    a.city as destination,  -- City of the company; null if the source gives the province only.
    p.unit as origin,  -- City the deal is credited to; or province or country, marked as such, if no more is known. #not_null
    h.province as origin_province,  -- Province or state of the origin, where known.
    o.country as origin_country,  -- Country of the origin.
    p.year,  -- Year announced. #not_null #part
    p.n_investors,  -- Number of investors announced.
    p.n_located,  -- Number of investors whose home is known.
    p.any_rule,  -- 1 if an investor has its home here.
    p.office_rule,  -- 1 if an investor has its home or any office here in that year; offices without years count as open.
    p.office_rule_dated,  -- The same without them.
    p.lead_rule,  -- Share of the located lead investors with their home here; the fractional share if no lead is located.
    p.fractional_rule,  -- Share of the located investors with their home here; null if no home is known.
    p.fractional_office_rule,  -- The same, each investor split over its open offices.
    p.amount_rule_usd,  -- The same of the amount, US dollars; null unless the amount is known exactly.
    p.lead_low,  -- Lower bound of the lead rule: every unlocated investor is elsewhere.
    case
        when p.n_all_leads > 0 then least(1.0, (p.n_leads_here + p.n_all_leads - p.n_leads + p.n_vague) * 1.0 / nullif(p.n_all_leads, 0))
        else (p.n_here + p.n_investors - p.n_located + p.n_vague) * 1.0 / nullif(p.n_investors, 0)
    end as lead_high,  -- Upper bound: the unlocated, and those known only by the province or country of the city, are here.
    p.fractional_low,  -- Lower bound of the fractional rule: every unlocated investor is elsewhere.
    (p.n_here + p.n_investors - p.n_located + p.n_vague) * 1.0 / nullif(p.n_investors, 0)
        as fractional_high,  -- Upper bound: the unlocated, and those known only by the province or country of the city, are here.
    coalesce(d.source, r.dataset) as source,  -- Where the deal was published.
    r.url,  -- Address of the page, where known.
    r.source_file,  -- File that holds the deal.
    r.source_row  -- Row of that file.
from hidden as p
inner join staging.counted_datasets as s on s.dataset_number = p.dataset_number
inner join staging.numbered_deals as r on r.report_number = p.deal_number
inner join staging.reports as t on t.report_number = p.deal_number
inner join staging.areas as o on o.area_number = p.unit_area
left join staging.areas as h on h.area_number = p.home_area
left join staging.areas as a on a.area_number = p.area_number
left join staging.entities as n on n.entity_number = t.company_number
left join staging.curated_deals as d on d.deal = r.report
