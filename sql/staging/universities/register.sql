select
    'register' as dataset,
    university as key,
    university,
    university_zh as university_other,
    country,
    city as place,
    source_file,
    source_row
from landing.register__universities
