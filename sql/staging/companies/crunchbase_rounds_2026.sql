select
    'crunchbase_rounds_2026' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    country,
    region,
    place,
    source_file,
    source_row
from landing.crunchbase_rounds_2026__rounds
