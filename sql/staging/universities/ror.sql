select
    'ror' as dataset,
    ror_id as key,
    name as university,
    name_zh as university_other,
    country,
    region,
    place,
    source_file,
    source_row
from landing.ror__organisations
where types like '%education%' and status = 'active'
