select
    'crunchbase_investments' as dataset,
    company || '|' || country || '|' || coalesce(place, '') as key,
    company,
    country,
    place,
    source_file,
    source_row
from landing.crunchbase_investments__investments
