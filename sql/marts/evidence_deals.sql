-- One row per deal, at the city of the company, as evidence of capital received.
with investors as (
    select
        i.deal,
        max(case when i.is_located then 1.0 end) as is_located,
        max(case when i.city = d.city then 1.0 else 0.0 end) as has_local,
        max(case when i.country <> d.country then 1.0 else 0.0 end) as has_foreign
    from core.deal_investors as i
    inner join core.deals as d on d.deal = i.deal
    where i.dataset = 'register' and i.is_located
    group by i.deal
),

offices as (
    select deal, destination as city, max(office_rule) as has_office
    from marts.deal_origin
    where dataset = 'register' and origin = destination
    group by deal, destination
)

select
    d.city,  -- City of the company. #not_null
    d.year,  -- Year announced. #not_null
    d.year as year_to,  -- The same year: it is an event.
    d.company,  -- Company financed.
    d.deal as label,  -- What a reader sees.
    1.0 as deals_received,  -- Deals received.
    case when d.round in ('seed', 'angel', 'pre-A', 'A', 'A+') then 1.0 end as early_deals,  -- Deals up to series A.
    i.has_local as local_match,  -- The deal has an investor at home in the city.
    case when i.is_located = 1 then coalesce(o.has_office, 0) * 1.0 end
        as local_match_by_office,  -- The deal has an investor with an office in the city.
    i.has_foreign as foreign_capital,  -- The deal has an investor at home in another country.
    i.is_located as deals_located,  -- The deal has an investor whose home is known.
    d.source,  -- Where the fact was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File the row stands in.
    d.source_row  -- Row of that file.
from core.deals as d
left join investors as i on i.deal = d.deal
left join offices as o on o.deal = d.deal
where d.is_in_register
