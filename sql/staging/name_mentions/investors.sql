-- An export has no keys of its own: it may write the same investor in several ways.
select
    mention,
    'investor' as kind,
    dataset as source,
    case when split_part(dataset, ': ', 1) <> 'inbox' then mention end as key,
    investor as name,
    investor_other as name_other,
    place_key,
    is_listed
from staging.investors
