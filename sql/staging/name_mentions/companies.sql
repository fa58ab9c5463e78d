-- An export has no keys of its own: it may write the same company, and its place, in several ways.
select
    mention,
    'company' as kind,
    dataset as source,
    case when split_part(dataset, ': ', 1) <> 'inbox' then company_key end as key,
    company as name,
    company_other as name_other,
    country,
    place_key,
    founded,
    true as is_listed
from staging.companies
