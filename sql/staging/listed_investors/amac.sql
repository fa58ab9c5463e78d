select
    'amac' as dataset,
    registration as key,
    manager as investor,
    true as is_home,
    'CN' as country,
    office_region as region,
    office_place as place,
    1 as n,
    source_file,
    source_row
from landing.amac__managers
