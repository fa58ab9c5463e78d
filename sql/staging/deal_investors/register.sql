with curated as (
    select
        deal,
        date,
        lead,
        source_file,
        source_row,
        unnest(string_split_regex(investors, '[|]')) as investor
    from staging.curated_deals
)

select distinct
    'register' as dataset,
    deal as report,
    date is not null as is_dated,
    trim(investor) as investor,
    trim(investor) as investor_key,
    coalesce(list_contains(string_split_regex(lead, '[|]'), trim(investor)), false) as is_lead,
    source_file,
    source_row
from curated
