-- One row per deal, at the city of the company, as evidence of capital received.
with deals as (
    select d.dataset, d.deal, d.company, d.country, d.city, d.year, r.round, d.source, d.url, d.source_file, d.source_row
    from core.deals_by_source as d
    inner join marts.deal_sources as l on l.dataset = d.dataset
    inner join core.deal_reports as r on r.report = d.deal
    where d.city is not null
),

investors as (
    select
        i.dataset,
        i.deal,
        max(case when i.is_located then 1.0 end) as is_located,
        max(case when i.city = d.city then 1.0 else 0.0 end) as has_local,
        max(case when i.country <> d.country then 1.0 else 0.0 end) as has_foreign
    from core.deal_investors as i
    inner join deals as d on d.dataset = i.dataset and d.deal = i.deal
    where i.is_located
    group by i.dataset, i.deal
),

offices as (
    select dataset, deal, destination as city, max(office_rule) as has_office
    from marts.deal_origin
    where origin = destination
    group by dataset, deal, destination
)

select
    d.dataset,  -- Source. #not_null
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
from deals as d
left join investors as i on i.dataset = d.dataset and i.deal = d.deal
left join offices as o on o.dataset = d.dataset and o.deal = d.deal
