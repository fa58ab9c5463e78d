select
    'crunchbase_investments' as dataset,
    company || '|' || country || '|' || coalesce(place, '') as key,
    company,
    null as company_other,
    country,
    null as region,
    place,
    null as founded,
    source_file,
    source_row
from landing.crunchbase_investments__investments
