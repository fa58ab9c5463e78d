-- Deals at the place of the company, each report of a source once.
select
    'deals_received' as quantity,
    dataset as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 as n
from staging.venture_deals
