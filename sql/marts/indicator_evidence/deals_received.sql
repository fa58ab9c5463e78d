-- Deals at the city of the company. Shares are of the deals with an investor whose home is known.
with city_deals as (
    select d.dataset, d.deal, d.company, d.country, d.city, d.year, r.round, d.source, d.url, d.source_file, d.source_row
    from core.deals_by_source as d
    inner join marts.deal_sources as l on l.dataset = d.dataset
    inner join core.deal_reports as r on r.report = d.deal
    where d.city is not null
),

located_investors as (
    select
        i.dataset,
        i.deal,
        max(case when i.city = d.city then 1.0 else 0.0 end) as has_local,
        max(case when i.country <> d.country then 1.0 else 0.0 end) as has_foreign
    from core.deal_investors as i
    inner join city_deals as d on d.dataset = i.dataset and d.deal = i.deal
    where i.is_located
    group by i.dataset, i.deal
),

local_offices as (
    select dataset, deal, destination as city, max(office_rule) as has_office
    from marts.deal_origin
    where origin = destination
    group by dataset, deal, destination
),

deal_indicators (indicator) as (
    values
        ('deals_received'),
        ('early_deals'),
        ('local_match'),
        ('local_match_by_office'),
        ('foreign_capital'),
        ('deals_located')
)

select
    m.indicator,
    d.dataset,
    d.city,
    d.year,
    d.year as year_to,
    d.company,
    d.deal as label,
    case m.indicator
        when 'deals_received' then 1.0
        when 'early_deals' then case when d.round in ('seed', 'angel', 'pre-A', 'A', 'A+') then 1.0 end
        when 'local_match' then i.has_local
        when 'local_match_by_office' then case when i.deal is not null then coalesce(o.has_office, 0) * 1.0 end
        when 'foreign_capital' then i.has_foreign
        when 'deals_located' then case when i.deal is not null then 1.0 end
    end as value,
    d.source,
    d.url,
    d.source_file,
    d.source_row
from city_deals as d
cross join deal_indicators as m
left join located_investors as i on i.dataset = d.dataset and i.deal = d.deal
left join local_offices as o on o.dataset = d.dataset and o.deal = d.deal
