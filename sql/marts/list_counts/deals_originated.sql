-- Deals credited to the homes of their investors, in equal parts; a deal none of whose investors has a known home has no place.
select
    'deals_originated' as quantity,
    o.dataset as list,
    o.dataset,
    o.origin_country as country,
    o.origin_province as province,
    c.city,
    o.year,
    o.fractional_rule as n
from marts.deal_origin as o
left join core.cities as c on c.city = o.origin
where o.dataset <> 'all' and o.any_rule = 1
union all
select
    'deals_originated' as quantity,
    dataset as list,
    dataset,
    null as country,
    null as province,
    null as city,
    year,
    1.0 as n
from staging.attributed_deals
where dataset <> 'all' and n_located = 0
