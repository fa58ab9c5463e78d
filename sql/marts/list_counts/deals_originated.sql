-- Deals credited in equal parts to the homes of their investors.
select
    'deals_originated' as quantity,
    dataset as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 / n_equal_parts as n
from staging.counted_credits
