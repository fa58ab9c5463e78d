select
    'register/service_firm:' || firm as mention,
    'service_firm' as kind,
    'register' as source,
    firm as key,
    firm as name,
    min(firm_zh) as name_other,
    true as is_listed
from landing.register__service_firms
group by firm
union all
select
    mention,
    'service_firm' as kind,
    dataset as source,
    firm as key,
    firm as name,
    null as name_other,
    true as is_listed
from staging.listing_advisers
group by mention, dataset, firm
