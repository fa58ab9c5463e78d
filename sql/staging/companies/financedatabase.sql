select
    'financedatabase' as dataset,
    symbol as key,
    company,
    null as company_other,
    country,
    region,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.financedatabase__equities
