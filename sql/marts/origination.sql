-- One row per source, period, company province and origin: the share of deals each attribution rule credits, with bounds.
-- Bounds: as if every investor of unknown home sat elsewhere (low), and as if all of them sat here (high).
with investors as (
    select
        dataset,
        deal,
        count(*) as n_investors,
        sum(case when is_located then 1 else 0 end) as n_located,
        sum(case when is_lead then 1 else 0 end) as n_all_leads,
        sum(case when is_lead and is_located then 1 else 0 end) as n_leads
    from core.deal_investors
    group by dataset, deal
),

deals as (
    select
        d.dataset,
        d.deal,
        d.country,
        d.province,
        d.year,
        i.n_located,
        case when i.n_located < i.n_investors then 1 else 0 end as has_unlocated,
        (i.n_investors - i.n_located) * 1.0 / i.n_investors as unlocated,
        case
            when i.n_all_leads > 0 then (i.n_all_leads - i.n_leads) * 1.0 / i.n_all_leads
            else (i.n_investors - i.n_located) * 1.0 / i.n_investors
        end as unlocated_leads,
        case when d.usd_low = d.usd_high and i.n_located > 0 then d.usd_low end as usd
    from core.deals_by_source as d
    inner join investors as i on i.dataset = d.dataset and i.deal = d.deal
),

periods as (
    select distinct cast(year as varchar) as period, year as first_year, year as last_year from deals
    union all
    select '2009-2012' as period, 2009 as first_year, 2012 as last_year
    union all
    select 'all years' as period, min(year) as first_year, max(year) as last_year from deals
),

-- Every deal stands once for its province and once for its whole country.
listed as (
    select d.*, p.period, d.province as company_province
    from deals as d
    inner join periods as p on d.year between p.first_year and p.last_year
    where d.province is not null
    union all
    select d.*, p.period, 'all' as company_province
    from deals as d
    inner join periods as p on d.year between p.first_year and p.last_year
),

bases as (
    select
        dataset,
        period,
        country,
        company_province,
        count(*) as n_deals,
        sum(case when n_located > 0 then 1 else 0 end) as n_deals_located,
        sum(has_unlocated) as n_unlocated,
        sum(unlocated) as unlocated,
        sum(unlocated_leads) as unlocated_leads,
        sum(usd) as usd
    from listed
    group by dataset, period, country, company_province
),

credits as (
    select
        l.dataset,
        l.period,
        l.country,
        l.company_province,
        o.origin,
        min(o.origin_country) as origin_country,
        sum(o.any_rule) as any_rule,
        sum(o.any_rule * l.has_unlocated) as any_unlocated,
        sum(o.office_rule) as office_rule,
        sum(o.office_rule * l.has_unlocated) as office_unlocated,
        sum(o.lead_rule) as lead_rule,
        sum(o.lead_low) as lead_low,
        sum(o.fractional_rule) as fractional_rule,
        sum(o.fractional_low) as fractional_low,
        sum(o.amount_rule_usd) as amount_rule_usd
    from listed as l
    inner join marts.deal_origin as o on o.dataset = l.dataset and o.deal = l.deal
    group by l.dataset, l.period, l.country, l.company_province, o.origin
)

select
    c.dataset,  -- Source, or all of them together. #not_null
    c.period,  -- A year; 2009-2012; or all years. #not_null
    c.country as company_country,  -- Country of the companies.
    c.company_province,  -- Province or state of the companies; or all. #not_null
    c.origin,  -- City the deals are credited to; or province or country, marked so. #not_null
    c.origin_country,  -- Country of it.
    b.n_deals,  -- Deals with at least one named investor.
    cast(b.n_deals_located as bigint) as n_deals_located,  -- Of these, deals with an investor whose home is known.
    c.any_rule * 1.0 / b.n_deals_located as any_share,  -- Share of the located deals with an investor at home here.
    c.any_rule * 1.0 / b.n_deals as any_low,  -- Lower bound, of all deals.
    (c.any_rule + b.n_unlocated - c.any_unlocated) * 1.0 / b.n_deals as any_high,  -- Upper bound.
    c.office_rule * 1.0 / b.n_deals_located as office_share,  -- Share with an investor that has any office here.
    c.office_rule * 1.0 / b.n_deals as office_low,  -- Lower bound.
    (c.office_rule + b.n_unlocated - c.office_unlocated) * 1.0 / b.n_deals as office_high,  -- Upper bound.
    round(c.lead_rule / b.n_deals_located, 9) as lead_share,  -- Share by lead investors; without a located lead, as fractional.
    round(c.lead_low / b.n_deals, 9) as lead_low,  -- Lower bound.
    round((c.lead_low + b.unlocated_leads) / b.n_deals, 9) as lead_high,  -- Upper bound.
    round(c.fractional_rule / b.n_deals_located, 9) as fractional_share,  -- Share, each deal split over its located investors.
    round(c.fractional_low / b.n_deals, 9) as fractional_low,  -- Lower bound.
    round((c.fractional_low + b.unlocated) / b.n_deals, 9) as fractional_high,  -- Upper bound.
    round(c.amount_rule_usd / b.usd, 9) as amount_share  -- Share of the US dollars of deals whose amount is known exactly.
from credits as c
inner join bases as b
    on b.dataset = c.dataset and b.period = c.period and b.country = c.country and b.company_province = c.company_province
