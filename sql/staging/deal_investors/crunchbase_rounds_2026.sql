with led as (
    select *, unnest(string_split_regex(lead, '[|]')) as investor
    from landing.crunchbase_rounds_2026__rounds
)

select
    'crunchbase_rounds_2026' as dataset,
    'crunchbase_rounds_2026:' || url as report,
    date is not null as is_dated,
    investor,
    investor as investor_key,
    true as is_lead,
    source_file,
    source_row
from led
