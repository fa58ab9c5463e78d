-- One row per deal and home city of its investors: the graph of cities that invest together.
select
    i.dataset,  -- Source. #not_null
    i.deal,  -- Deal. #not_null
    d.year,  -- Year announced. #not_null
    i.city,  -- Home city of the investors. #not_null
    count(*) as n_investors  -- Investors of the city in the deal.
from core.deal_investors as i
inner join marts.deal_sources as l on l.dataset = i.dataset
inner join core.deals_by_source as d on d.dataset = i.dataset and d.deal = i.deal
where i.city is not null
group by i.dataset, i.deal, d.year, i.city
