select
    'register' as dataset,
    university as key,
    university,
    university_zh as university_other,
    country,
    null as region,
    city as place,
    null as edition,
    source_file,
    source_row
from landing.register__universities
