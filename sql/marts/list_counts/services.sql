-- Offices of service firms, fund managers, mandates at listings, and connectivity in the networks of service firms.
select
    'services' as quantity,
    list,
    dataset,
    country,
    province,
    city,
    year,
    n
from staging.counted_services
