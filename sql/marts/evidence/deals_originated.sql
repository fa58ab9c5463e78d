-- Deals credited to the home city of their investors; a deal of several investors is divided.
select
    'deals_originated' as indicator,
    o.dataset,
    o.origin as city,
    o.year,
    o.year as year_to,
    o.company,
    o.deal as label,
    o.fractional_rule as value,
    o.source,
    o.url,
    o.source_file,
    o.source_row
from marts.deal_origin as o
inner join core.cities as c on c.city = o.origin
where o.any_rule = 1 and o.dataset <> 'all'
