-- One row per source, deal and place with an investor's home or office in it: how much of the deal each attribution rule credits to the place.
with everyone as (
    select
        dataset,
        deal,
        count(*) as n_investors,
        sum(case when is_lead then 1 else 0 end) as n_all_leads,
        sum(case when is_located then 1 else 0 end) as n_located,
        sum(case when is_located and is_lead then 1 else 0 end) as n_leads
    from core.deal_investors
    group by dataset, deal
),

homes as (
    select
        dataset,
        deal,
        unit,
        min(city) as city,
        min(province) as province,
        min(country) as country,
        count(*) as n_here,
        sum(case when is_lead then 1 else 0 end) as n_leads_here
    from core.deal_investors
    where is_located
    group by dataset, deal, unit
),

-- Offices: the curated ones with the years they were open, and wherever else a source sees people of the investor. One whose
-- people sit equally in two cities has no home, and yet an office in each.
offices as (
    select 'register' as dataset, investor, city as unit, city, country, opened, closed, true as is_curated
    from core.investor_offices
    union all
    select 'all' as dataset, investor, city as unit, city, country, opened, closed, true as is_curated
    from core.investor_offices
    union all
    select p.dataset, p.investor, p.unit, p.city, p.country, null as opened, null as closed, false as is_curated
    from core.investor_places as p
    left join core.investor_offices as o on o.investor = p.investor and o.city = p.unit
    where p.dataset <> 'register' and (p.dataset <> 'all' or o.investor is null)
),

open_offices as (
    select
        i.dataset,
        i.deal,
        i.investor,
        i.is_located,
        o.unit,
        o.city,
        o.country,
        o.unit = i.unit or o.opened is not null or not o.is_curated as is_dated,
        count(*) over (partition by i.dataset, i.deal, i.investor) as n_offices
    from core.deal_investors as i
    inner join core.deals_by_source as d on d.dataset = i.dataset and d.deal = i.deal
    inner join offices as o on o.dataset = i.dataset and o.investor = i.investor
    where o.unit = i.unit or (coalesce(o.opened, d.year) <= d.year and coalesce(o.closed, d.year) >= d.year)
),

shares as (
    -- Rounded: the order in which a sum is taken must not show.
    select
        dataset,
        deal,
        unit,
        min(city) as city,
        min(country) as country,
        round(sum(case when is_located then 1.0 / n_offices else 0 end), 12) as n_here,
        max(case when is_dated then 1 else 0 end) as is_dated
    from open_offices
    group by dataset, deal, unit
),

places as (
    select dataset, deal, unit from homes
    union
    select dataset, deal, unit from shares
),

-- Investors known only by the province or country may sit in any city of it.
vague as (
    select dataset, deal, level, province, country, unit, count(*) as n
    from core.deal_investors
    where level in ('province', 'country')
    group by dataset, deal, level, province, country, unit
),

possible as (
    select p.dataset, p.deal, p.unit, sum(v.n) as n
    from places as p
    inner join core.cities as c on c.city = p.unit
    inner join vague as v
        on v.dataset = p.dataset
        and v.deal = p.deal
        and v.unit <> p.unit
        and v.country = c.country
        and (v.level = 'country' or v.province = c.province)
    group by p.dataset, p.deal, p.unit
)

select
    p.dataset,  -- Source, or all of them together. #not_null
    p.deal,  -- Deal. #not_null
    d.company,  -- Company financed.
    d.country as company_country,  -- Country of the company.
    d.province as company_province,  -- Province or state of the company.
    d.city as destination,  -- City of the company; null where the source knows the province only.
    p.unit as origin,  -- City the deal is credited to; or province or country, marked so, where no more is known. #not_null
    h.province as origin_province,  -- Province or state of it, where known.
    coalesce(h.country, o.country) as origin_country,  -- Country of it.
    d.year,  -- Year announced.
    n.n_investors,  -- Investors announced.
    n.n_located,  -- Investors whose home is known.
    case when h.deal is not null then 1 else 0 end as any_rule,  -- 1 if an investor has its home here.
    1 as office_rule,  -- 1 if an investor has any office here in that year, or its home; undated offices count as open.
    case when h.deal is not null then 1 else coalesce(o.is_dated, 0) end as office_rule_dated,  -- The same without them.
    case
        when n.n_leads > 0 then coalesce(h.n_leads_here, 0) * 1.0 / n.n_leads
        else coalesce(h.n_here, 0) * 1.0 / nullif(n.n_located, 0)
    end as lead_rule,  -- Share of the located leads at home here; without a located lead, as fractional.
    coalesce(h.n_here, 0) * 1.0 / nullif(n.n_located, 0)
        as fractional_rule,  -- Share of the located investors at home here; null if no home is known.
    coalesce(o.n_here, 0) / nullif(n.n_located, 0)
        as fractional_office_rule,  -- The same, each investor split over its open offices.
    coalesce(h.n_here, 0) * 1.0 / nullif(n.n_located, 0) * case when d.usd_low = d.usd_high then d.usd_low end
        as amount_rule_usd,  -- The same of the amount, US dollars; null unless the amount is known exactly.
    case
        when n.n_all_leads > 0 then coalesce(h.n_leads_here, 0) * 1.0 / n.n_all_leads
        else coalesce(h.n_here, 0) * 1.0 / n.n_investors
    end as lead_low,  -- As lead, as if every unlocated investor sat elsewhere.
    case
        when n.n_all_leads > 0
            then least(1.0, (coalesce(h.n_leads_here, 0) + n.n_all_leads - n.n_leads + coalesce(m.n, 0)) * 1.0 / n.n_all_leads)
        else (coalesce(h.n_here, 0) + n.n_investors - n.n_located + coalesce(m.n, 0)) * 1.0 / n.n_investors
    end as lead_high,  -- As if here, with those known only by the province or country that holds the city.
    coalesce(h.n_here, 0) * 1.0 / n.n_investors as fractional_low,  -- As if every unlocated investor sat elsewhere.
    (coalesce(h.n_here, 0) + n.n_investors - n.n_located + coalesce(m.n, 0)) * 1.0 / n.n_investors
        as fractional_high,  -- As if here, with those known only by the province or country that holds the city.
    d.source,  -- Where the deal was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File the deal stands in.
    d.source_row  -- Row of that file.
from places as p
inner join core.deals_by_source as d on d.dataset = p.dataset and d.deal = p.deal
inner join everyone as n on n.dataset = p.dataset and n.deal = p.deal
left join homes as h on h.dataset = p.dataset and h.deal = p.deal and h.unit = p.unit
left join shares as o on o.dataset = p.dataset and o.deal = p.deal and o.unit = p.unit
left join possible as m on m.dataset = p.dataset and m.deal = p.deal and m.unit = p.unit
