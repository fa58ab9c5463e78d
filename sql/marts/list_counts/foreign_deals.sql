-- Deals with an investor of another country, by its owner, at the place of the company.
select
    'foreign_deals' as quantity,
    d.dataset as list,
    d.dataset,
    d.country,
    d.province,
    d.city,
    d.year,
    1.0 as n
from staging.venture_deals as d
inner join (
    select distinct i.dataset, i.deal
    from core.deal_investors_by_source as i
    inner join staging.venture_deals as h on h.dataset = i.dataset and h.deal = i.deal
    where i.owner_country <> h.country
) as f on f.dataset = d.dataset and f.deal = d.deal
