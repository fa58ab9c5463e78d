select
    mention,
    'university' as kind,
    dataset as source,
    key,
    university as name,
    university_other as name_other,
    country,
    place_key,
    true as is_listed
from staging.universities
