select
    mention,
    'investor' as kind,
    dataset as source,
    mention as key,
    investor as name,
    investor_other as name_other,
    null as country,
    place_key,
    null as founded,
    is_listed
from staging.investors
