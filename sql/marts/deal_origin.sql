-- One row per deal and city with an investor in it: how much of the deal each attribution rule credits to the city.
with located as (
    select
        deal,
        count(*) as n_located,
        sum(case when is_lead then 1 else 0 end) as n_leads
    from core.deal_investors
    where is_located
    group by deal
),

everyone as (
    select deal, count(*) as n_investors
    from core.deal_investors
    group by deal
),

homes as (
    select
        deal,
        city,
        country,
        count(*) as n_here,
        sum(case when is_lead then 1 else 0 end) as n_leads_here
    from core.deal_investors
    where is_located
    group by deal, city, country
),

open_offices as (
    select
        i.deal,
        i.investor,
        o.city,
        o.country,
        o.city = i.city or o.opened is not null as is_dated,
        count(*) over (partition by i.deal, i.investor) as n_offices
    from core.deal_investors as i
    inner join core.deals as d on d.deal = i.deal
    inner join core.investor_offices as o on o.investor = i.investor
    where
        i.is_located
        and (o.city = i.city or (coalesce(o.opened, d.year) <= d.year and coalesce(o.closed, d.year) >= d.year))
),

offices as (
    -- Rounded: the order in which a sum is taken must not show.
    select deal, city, country, round(sum(1.0 / n_offices), 12) as n_here, max(case when is_dated then 1 else 0 end) as is_dated
    from open_offices
    group by deal, city, country
),

places as (
    select deal, city, country from homes
    union
    select deal, city, country from offices
)

select
    p.deal,  -- Deal. #not_null #in core.deals.deal
    d.company,  -- Company financed.
    d.country as company_country,  -- Country of the company.
    d.city as destination,  -- City of the company.
    p.city as origin,  -- City the deal is credited to. #not_null
    p.country as origin_country,  -- Country of that city.
    d.year,  -- Year announced.
    e.n_investors,  -- Investors announced.
    l.n_located,  -- Investors whose home the register knows.
    case when h.deal is not null then 1 else 0 end as any_rule,  -- 1 if an investor has its home here.
    1 as office_rule,  -- 1 if an investor has any office here in that year, or its home; undated offices count as open.
    case when h.deal is not null then 1 else coalesce(o.is_dated, 0) end as office_rule_dated,  -- The same without them.
    case
        when l.n_leads > 0 then coalesce(h.n_leads_here, 0) * 1.0 / l.n_leads
        else coalesce(h.n_here, 0) * 1.0 / l.n_located
    end as lead_rule,  -- Share of the located leads at home here; without a located lead, as fractional.
    coalesce(h.n_here, 0) * 1.0 / l.n_located as fractional_rule,  -- Share of the located investors at home here.
    coalesce(o.n_here, 0) / l.n_located as fractional_office_rule,  -- The same, each investor split over its open offices.
    coalesce(h.n_here, 0) * 1.0 / e.n_investors as fractional_low,  -- As if every unlocated investor sat elsewhere.
    (coalesce(h.n_here, 0) + e.n_investors - l.n_located) * 1.0 / e.n_investors as fractional_high,  -- As if here.
    d.source,  -- Where the deal was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File the deal stands in.
    d.source_row  -- Row of that file.
from places as p
inner join core.deals as d on d.deal = p.deal
inner join everyone as e on e.deal = p.deal
inner join located as l on l.deal = p.deal
left join homes as h on h.deal = p.deal and h.city = p.city
left join offices as o on o.deal = p.deal and o.city = p.city
