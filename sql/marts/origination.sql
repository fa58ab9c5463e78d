-- One row per source, period, company province and origin: the share of deals each attribution rule credits, with bounds.
-- Bounds: as if every investor whose home is not known to be here sat elsewhere (low), and as if all of those that may be here
-- were: the unlocated, and those known only by the province or country that holds the place (high).
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
        case when o.deal is not null then 1 else 0 end as has_office,
        case when i.n_located < i.n_investors then 1 else 0 end as has_unlocated,
        (i.n_investors - i.n_located) * 1.0 / i.n_investors as unlocated,
        case
            when i.n_all_leads > 0 then (i.n_all_leads - i.n_leads) * 1.0 / i.n_all_leads
            else (i.n_investors - i.n_located) * 1.0 / i.n_investors
        end as unlocated_leads,
        case when d.usd_low = d.usd_high and i.n_located > 0 then d.usd_low end as usd
    from core.deals_by_source as d
    inner join investors as i on i.dataset = d.dataset and i.deal = d.deal
    left join (select distinct dataset, deal from marts.deal_origin) as o on o.dataset = d.dataset and o.deal = d.deal
),

-- Each year, then (2009-2012), now (the source's last four years), and all of them.
periods as (
    select distinct dataset, cast(year as varchar) as period, year as first_year, year as last_year from deals
    union
    select distinct dataset, '2009-2012' as period, 2009 as first_year, 2012 as last_year from deals
    union
    select
        dataset,
        cast(max(year) - 3 as varchar) || '-' || cast(max(year) as varchar) as period,
        max(year) - 3 as first_year,
        max(year) as last_year
    from deals
    group by dataset
    union
    select dataset, 'all years' as period, min(year) as first_year, max(year) as last_year from deals
    group by dataset
),

-- Every deal stands once for its province and once for its whole country.
listed as (
    select d.*, p.period, d.province as company_province
    from deals as d
    inner join periods as p on p.dataset = d.dataset and d.year between p.first_year and p.last_year
    where d.province is not null
    union all
    select d.*, p.period, 'all' as company_province
    from deals as d
    inner join periods as p on p.dataset = d.dataset and d.year between p.first_year and p.last_year
),

bases as (
    select
        dataset,
        period,
        country,
        company_province,
        count(*) as n_deals,
        sum(case when n_located > 0 then 1 else 0 end) as n_deals_located,
        sum(has_office) as n_deals_office,
        sum(has_unlocated) as n_unlocated,
        sum(unlocated) as unlocated,
        sum(unlocated_leads) as unlocated_leads,
        count(usd) as n_amounts,
        sum(usd) as usd,
        max(usd) as usd_largest
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
),

origins as (
    select
        o.dataset,
        o.company_country as country,
        o.origin,
        max(o.origin_country) as origin_country,
        max(c.province) as origin_province,
        sum(o.any_rule) as n_deals
    from marts.deal_origin as o
    left join core.cities as c on c.city = o.origin
    group by o.dataset, o.company_country, o.origin
),

-- Where an origin of ten deals or more has none, that is a zero and not a gap.
cells as (
    select dataset, period, country, company_province, origin from credits
    union
    select b.dataset, b.period, b.country, b.company_province, o.origin
    from bases as b
    inner join origins as o on o.dataset = b.dataset and o.country = b.country and o.n_deals >= 10
),

filled as (
    select
        x.dataset,
        x.period,
        x.country,
        x.company_province,
        x.origin,
        o.origin_country,
        b.n_deals,
        b.n_deals_located,
        b.n_deals_office,
        b.n_unlocated,
        b.unlocated,
        b.unlocated_leads,
        b.n_amounts,
        b.usd,
        b.usd_largest,
        coalesce(c.any_rule, 0) as any_rule,
        coalesce(c.any_unlocated, 0) as any_unlocated,
        coalesce(c.office_rule, 0) as office_rule,
        coalesce(c.office_unlocated, 0) as office_unlocated,
        coalesce(c.lead_rule, 0) as lead_rule,
        coalesce(c.lead_low, 0) as lead_low,
        coalesce(c.fractional_rule, 0) as fractional_rule,
        coalesce(c.fractional_low, 0) as fractional_low,
        coalesce(c.amount_rule_usd, 0) as amount_rule_usd,
        coalesce(p.any_rule, 0) + coalesce(k.any_rule, 0) as any_vague,
        coalesce(p.lead_low, 0) + coalesce(k.lead_low, 0) as lead_vague,
        coalesce(p.fractional_low, 0) + coalesce(k.fractional_low, 0) as fractional_vague
    from cells as x
    inner join bases as b
        on b.dataset = x.dataset and b.period = x.period and b.country = x.country and b.company_province = x.company_province
    inner join origins as o on o.dataset = x.dataset and o.country = x.country and o.origin = x.origin
    left join credits as c
        on c.dataset = x.dataset
        and c.period = x.period
        and c.country = x.country
        and c.company_province = x.company_province
        and c.origin = x.origin
    left join credits as p
        on p.dataset = x.dataset
        and p.period = x.period
        and p.country = x.country
        and p.company_province = x.company_province
        and p.origin = o.origin_province || ' (province)'
    left join credits as k
        on k.dataset = x.dataset
        and k.period = x.period
        and k.country = x.country
        and k.company_province = x.company_province
        and k.origin = o.origin_country || ' (country)'
        and k.origin <> x.origin
)

select
    dataset,  -- Source, or all of them together. #not_null
    period,  -- A year; 2009-2012; the source's last four years, such as 2013-2016; or all years. #not_null
    country as company_country,  -- Country of the companies.
    company_province,  -- Province or state of the companies; or all. #not_null
    origin,  -- City the deals are credited to; or province or country, marked so, where no more is known. #not_null
    origin_country,  -- Country of it.
    n_deals,  -- Deals with at least one named investor.
    cast(n_deals_located as bigint) as n_deals_located,  -- Of these, deals with an investor whose home is known.
    cast(n_deals_office as bigint) as n_deals_office,  -- Deals with an investor of which a home or an office is known.
    any_rule * 1.0 / nullif(n_deals_located, 0) as any_share,  -- Share of the located deals with an investor at home here.
    any_rule * 1.0 / n_deals as any_low,  -- Lower bound, of all deals. #check any_low <= any_high
    least(n_deals, any_rule + n_unlocated - any_unlocated + any_vague) * 1.0 / n_deals as any_high,  -- Upper bound.
    office_rule * 1.0 / nullif(n_deals_office, 0)
        as office_share,  -- Of those with a known office, share with an investor that has any office here.
    office_rule * 1.0 / n_deals as office_low,  -- Lower bound.
    least(n_deals, office_rule + n_unlocated - office_unlocated + any_vague) * 1.0 / n_deals as office_high,  -- Upper bound.
    round(lead_rule / nullif(n_deals_located, 0), 9)
        as lead_share,  -- Share by lead investors; without a located lead, as fractional.
    round(lead_low / n_deals, 9) as lead_low,  -- Lower bound.
    round((lead_low + unlocated_leads + lead_vague) / n_deals, 9) as lead_high,  -- Upper bound.
    round(fractional_rule / nullif(n_deals_located, 0), 9)
        as fractional_share,  -- Share, each deal split over its located investors.
    round(fractional_low / n_deals, 9) as fractional_low,  -- Lower bound.
    round((fractional_low + unlocated + fractional_vague) / n_deals, 9) as fractional_high,  -- Upper bound.
    round(amount_rule_usd / usd, 9) as amount_share,  -- Share of the US dollars of located deals of exactly known amount.
    cast(n_amounts as bigint) as n_amounts,  -- Those deals.
    round(usd_largest / usd, 9) as amount_largest  -- Share of the largest one: near 1, amount_share says little.
from filled
