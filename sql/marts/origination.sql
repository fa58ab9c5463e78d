-- One row per source, period, company province and origin: the share of deals each attribution rule credits, with bounds.
-- Keep one dataset when counting ('all' for all sources together), and one period: periods overlap.
-- The lower bound assumes that every investor whose home is not known to be here is elsewhere. The upper bound assumes that all who
-- may be here are: the unlocated, and those known only by the province or country of the place.
with
-- Deals are summed by year first, and these few rows are then summed by period.
deals as (
    select
        d.dataset_number,
        d.country,
        d.area_number,
        d.year,
        count(*) as n_deals,
        count(case when d.n_located > 0 then 1 end) as n_deals_located,
        count(case when d.n_located > 0 or o.deal_number is not null then 1 end) as n_deals_office,
        count(case when d.n_located < d.n_investors then 1 end) as n_unlocated,
        sum((d.n_investors - d.n_located) * 1.0 / d.n_investors) as unlocated,
        sum(
            case
                when d.n_all_leads > 0 then (d.n_all_leads - d.n_leads) * 1.0 / d.n_all_leads
                else (d.n_investors - d.n_located) * 1.0 / d.n_investors
            end
        ) as unlocated_leads,
        count(case when d.n_located > 0 then d.usd end) as n_amounts,
        sum(case when d.n_located > 0 then d.usd end) as usd,
        max(case when d.n_located > 0 then d.usd end) as usd_largest
    from staging.attributed_deals as d
    left join (select distinct dataset_number, deal_number from staging.attributions where n_located = 0) as o
        on o.dataset_number = d.dataset_number and o.deal_number = d.deal_number
    group by d.dataset_number, d.country, d.area_number, d.year
),

-- Each year, the periods of data/reference/periods.csv, and all years.
dated as (
    select distinct s.dataset, d.year
    from deals as d
    inner join staging.counted_datasets as s on s.dataset_number = d.dataset_number
),

years as (
    select dataset, min(year) as first_year, max(year) as last_year
    from dated
    group by dataset
),

spans as (
    select
        y.dataset,
        coalesce(p.first_year, y.last_year - p.n_years + 1) as first_year,
        coalesce(p.last_year, y.last_year) as last_year
    from years as y
    cross join landing.reference__periods as p
),

periods as (
    select dataset, cast(year as varchar) as period, year as first_year, year as last_year from dated
    union
    select dataset, cast(first_year as varchar) || '-' || cast(last_year as varchar) as period, first_year, last_year from spans
    union all
    select dataset, 'all years' as period, first_year, last_year from years
),

-- Every deal counts once for its province, unless that is null and joins nothing, and once for its whole country.
scopes as (
    select p.dataset, p.period, p.first_year, p.last_year, s.is_whole
    from periods as p
    cross join (select true as is_whole union all select false as is_whole) as s
),

bases as (
    select
        s.dataset,
        s.period,
        d.country,
        case when s.is_whole then 'all' else a.province end as company_province,
        sum(d.n_deals) as n_deals,
        sum(d.n_deals_located) as n_deals_located,
        sum(d.n_deals_office) as n_deals_office,
        sum(d.n_unlocated) as n_unlocated,
        sum(d.unlocated) as unlocated,
        sum(d.unlocated_leads) as unlocated_leads,
        sum(d.n_amounts) as n_amounts,
        sum(d.usd) as usd,
        max(d.usd_largest) as usd_largest
    from deals as d
    inner join staging.counted_datasets as c on c.dataset_number = d.dataset_number
    inner join scopes as s on s.dataset = c.dataset and d.year between s.first_year and s.last_year
    left join staging.areas as a on a.area_number = d.area_number
    group by s.dataset, s.period, d.country, case when s.is_whole then 'all' else a.province end
),

credits as (
    select
        s.dataset,
        s.period,
        c.country,
        case when s.is_whole then 'all' else a.province end as company_province,
        u.unit as origin,
        max(o.country) as origin_country,
        sum(c.any_rule) as any_rule,
        sum(c.any_unlocated) as any_unlocated,
        sum(c.office_rule) as office_rule,
        sum(c.office_unlocated) as office_unlocated,
        sum(c.lead_rule) as lead_rule,
        sum(c.lead_low) as lead_low,
        sum(c.fractional_rule) as fractional_rule,
        sum(c.fractional_low) as fractional_low,
        sum(c.amount_rule_usd) as amount_rule_usd
    from staging.credits as c
    inner join staging.counted_datasets as d on d.dataset_number = c.dataset_number
    inner join scopes as s on s.dataset = d.dataset and c.year between s.first_year and s.last_year
    inner join staging.units as u on u.unit_number = c.unit_number
    inner join staging.areas as o on o.area_number = c.unit_area
    left join staging.areas as a on a.area_number = c.area_number
    group by s.dataset, s.period, c.country, case when s.is_whole then 'all' else a.province end, u.unit
),

origins as (
    select
        o.dataset,
        o.country,
        o.origin,
        o.origin_country,
        c.province as origin_province,
        o.any_rule as n_deals
    from credits as o
    left join core.cities as c on c.city = o.origin
    where o.period = 'all years' and o.company_province = 'all'
),

-- An origin with ten deals or more that has none in a cell gets a zero and not a gap.
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
    dataset,  -- Source, or all sources together. #not_null #unique with period, company_country, company_province, origin
    period,  -- A year; a period of data/reference/periods.csv, such as 2009-2012; or all years. #not_null
    country as company_country,  -- Country of the companies. #not_null
    company_province,  -- Province or state of the companies, or all. #not_null
    origin,  -- City the deals are credited to; or province or country, marked as such, if no more is known. #not_null
    origin_country,  -- Country of the origin.
    cast(n_deals as bigint) as n_deals,  -- Deals with at least one named investor.
    cast(n_deals_located as bigint) as n_deals_located,  -- Of these, deals with an investor whose home is known.
    cast(n_deals_office as bigint) as n_deals_office,  -- Deals with an investor whose home or office is known.
    any_rule * 1.0 / nullif(n_deals_located, 0) as any_share,  -- Share of the located deals with an investor whose home is here.
    any_rule * 1.0 / n_deals as any_low,  -- Lower bound, as a share of all deals. #check any_low <= any_high
    least(n_deals, any_rule + n_unlocated - any_unlocated + any_vague) * 1.0 / n_deals as any_high,  -- Upper bound.
    office_rule * 1.0 / nullif(n_deals_office, 0)
        as office_share,  -- Share of the deals with a known office in which an investor has any office here.
    office_rule * 1.0 / n_deals as office_low,  -- Lower bound.
    least(n_deals, office_rule + n_unlocated - office_unlocated + any_vague) * 1.0 / n_deals as office_high,  -- Upper bound.
    round(lead_rule / nullif(n_deals_located, 0), 9)
        as lead_share,  -- Share by lead investors; the fractional share if no lead is located.
    round(lead_low / n_deals, 9) as lead_low,  -- Lower bound.
    round((lead_low + unlocated_leads + lead_vague) / n_deals, 9) as lead_high,  -- Upper bound.
    round(fractional_rule / nullif(n_deals_located, 0), 9)
        as fractional_share,  -- Share, each deal split over its located investors.
    round(fractional_low / n_deals, 9) as fractional_low,  -- Lower bound.
    round((fractional_low + unlocated + fractional_vague) / n_deals, 9) as fractional_high,  -- Upper bound.
    round(amount_rule_usd / nullif(usd, 0), 9) as amount_share,  -- Share of the US dollars of located deals whose exact amount is known. #check amount_share <= 1
    cast(n_amounts as bigint) as n_amounts,  -- Number of those deals.
    round(usd_largest / nullif(usd, 0), 9) as amount_largest  -- Share of the largest deal; near 1, amount_share rests on one deal.
from filled
