-- Deals at the place of the company, each deal of a source once, however often it reports it.
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
