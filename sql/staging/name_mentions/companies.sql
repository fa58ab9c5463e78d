select
    mention,
    'company' as kind,
    dataset as source,
    key,
    company as name,
    company_other as name_other,
    country,
    place_key,
    founded,
    true as is_listed
from staging.companies
