select
    'register' as dataset,
    investor as key,
    investor,
    investor_zh as investor_other,
    true as is_home,
    country,
    home_city as place,
    1 as n,
    source_file,
    source_row
from landing.register__investors
