-- One row per source, deal and place where one of its investors has a home or an office: how much of the deal each attribution
-- rule credits to the place.
with
-- Offices are the curated ones, with the years they were open, and every other place where a source lists people of the investor.
-- An investor with equally many people in two cities has no home but has an office in each.
stated as (
    select 'register' as dataset, investor, city as unit, country, opened, closed, true as is_curated
    from core.investor_offices
    union all
    select 'all' as dataset, investor, city as unit, country, opened, closed, true as is_curated
    from core.investor_offices
    union all
    select p.dataset, p.investor, p.unit, p.country, null as opened, null as closed, false as is_curated
    from core.investor_places as p
    left join core.investor_offices as o on o.investor = p.investor and o.city = p.unit
    where p.dataset <> 'register' and (p.dataset <> 'all' or o.investor is null)
),

offices as (
    select
        *,
        count(*) over (partition by dataset, investor) as n_offices,
        count(coalesce(opened, closed)) over (partition by dataset, investor) as n_dated
    from stated
),

-- An investor whose offices all lack years is credited with all of them in every deal, because few offices have years.
visits as (
    select
        i.dataset,
        i.deal,
        o.unit,
        o.country,
        case when o.unit = i.unit then i.province end as province,
        o.unit = i.unit as is_home,
        i.is_lead,
        case when i.is_located then 1.0 / nullif(o.n_offices, 0) else 0 end as office_share,
        o.unit = i.unit or not o.is_curated as is_dated
    from core.deal_investors_by_source as i
    inner join offices as o on o.dataset = i.dataset and o.investor = i.investor
    where o.n_dated = 0
    union all
    select
        i.dataset,
        i.deal,
        o.unit,
        o.country,
        case when o.unit = i.unit then i.province end as province,
        o.unit = i.unit as is_home,
        i.is_lead,
        case
            when i.is_located then 1.0 / count(*) over (partition by i.dataset, i.deal, i.investor) else 0
        end as office_share,
        o.unit = i.unit or o.opened is not null or not o.is_curated as is_dated
    from core.deal_investors_by_source as i
    inner join offices as o on o.dataset = i.dataset and o.investor = i.investor
    inner join staging.attributed_deals as d on d.dataset = i.dataset and d.deal = i.deal
    where o.n_dated > 0 and (o.unit = i.unit or (coalesce(o.opened, d.year) <= d.year and coalesce(o.closed, d.year) >= d.year))
    union all
    -- Homes where no office is known.
    select
        i.dataset,
        i.deal,
        i.unit,
        i.country,
        i.province,
        true as is_home,
        i.is_lead,
        0 as office_share,
        true as is_dated
    from core.deal_investors_by_source as i
    left join offices as o on o.dataset = i.dataset and o.investor = i.investor and o.unit = i.unit
    where i.is_located and o.unit is null
),

places as (
    select
        dataset,
        deal,
        unit,
        min(country) as country,
        min(province) as province,
        count(case when is_home then 1 end) as n_here,
        count(case when is_home and is_lead then 1 end) as n_leads_here,
        round(sum(office_share), 12) as office_shares,  -- Rounded, because the order of summation changes the last digits.
        max(case when is_dated then 1 else 0 end) as is_dated
    from visits
    group by dataset, deal, unit
),

-- Investors known only by the province or country may be in any of its cities.
credited as (
    select
        p.dataset,
        p.deal,
        p.unit,
        p.country,
        p.province,
        p.n_here,
        p.n_leads_here,
        p.office_shares,
        p.is_dated,
        coalesce(v.n, 0) + coalesce(w.n, 0) as n_vague
    from places as p
    left join core.cities as c on c.city = p.unit
    left join staging.investors_without_city as v
        on v.dataset = p.dataset and v.deal = p.deal and v.country = c.country and v.province = c.province
    left join staging.investors_without_city as w
        on w.dataset = p.dataset and w.deal = p.deal and w.country = c.country and w.province is null
)

select
    p.dataset,  -- Source, or all sources together. #not_null
    p.deal,  -- Deal. #not_null
    d.company,  -- Company financed.
    d.country as company_country,  -- Country of the company.
    d.province as company_province,  -- Province or state of the company.
    d.city as destination,  -- City of the company; null if the source gives the province only.
    p.unit as origin,  -- City the deal is credited to; or province or country, marked as such, if no more is known. #not_null
    p.province as origin_province,  -- Province or state of the origin, where known.
    p.country as origin_country,  -- Country of the origin.
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
    case
        when d.n_all_leads > 0 then least(1.0, (p.n_leads_here + d.n_all_leads - d.n_leads + p.n_vague) * 1.0 / nullif(d.n_all_leads, 0))
        else (p.n_here + d.n_investors - d.n_located + p.n_vague) * 1.0 / nullif(d.n_investors, 0)
    end as lead_high,  -- Upper bound: the unlocated, and those known only by the province or country of the city, are here.
    p.n_here * 1.0 / nullif(d.n_investors, 0) as fractional_low,  -- Lower bound of the fractional rule: every unlocated investor is elsewhere.
    (p.n_here + d.n_investors - d.n_located + p.n_vague) * 1.0 / nullif(d.n_investors, 0)
        as fractional_high,  -- Upper bound: the unlocated, and those known only by the province or country of the city, are here.
    d.source,  -- Where the deal was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File that holds the deal.
    d.source_row  -- Row of that file.
from credited as p
inner join staging.attributed_deals as d on d.dataset = p.dataset and d.deal = p.deal
