-- Deals at the city of the company, and those of them with an investor of another country, by its owner.
with foreign_deals as (
    select distinct i.dataset, i.deal
    from core.deal_investors_by_source as i
    inner join staging.venture_deals as d on d.dataset = i.dataset and d.deal = i.deal
    where i.owner_country <> d.country
),

deal_indicators (indicator) as (
    values ('deals_received'), ('foreign_deals')
)

select
    m.indicator,
    d.dataset as list,
    d.dataset,
    d.city,
    d.year,
    d.year as year_to,
    d.company,
    d.deal as label,
    case when m.indicator = 'deals_received' or f.deal is not null then 1.0 end as value,
    d.source,
    d.url,
    d.source_file,
    d.source_row
from staging.venture_deals as d
cross join deal_indicators as m
left join foreign_deals as f on f.dataset = d.dataset and f.deal = d.deal
where d.city is not null
