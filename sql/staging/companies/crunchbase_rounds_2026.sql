select
    'crunchbase_rounds_2026' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    null as company_other,
    country,
    region,
    place,
    null as founded,
    source_file,
    source_row
from landing.crunchbase_rounds_2026__rounds
