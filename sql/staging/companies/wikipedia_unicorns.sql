with listed as (
    select company, country, source_file, source_row from landing.wikipedia_unicorns__unicorns
    union all
    select company, country, source_file, source_row from landing.wikipedia_unicorns__former_unicorns
)

select
    'wikipedia_unicorns' as dataset,
    company || '|' || coalesce(country, '') as key,
    company,
    country,
    source_file,
    source_row
from listed
