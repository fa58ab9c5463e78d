with named as (
    select *, unnest(string_split_regex(investors, '[|]')) as investor
    from landing.inbox__deals
)

select
    'inbox' as dataset,
    'inbox:' || source_file || '#' || cast(source_row as varchar) as report,
    date is not null as is_dated,
    trim(investor) as investor,
    trim(investor) as investor_key,
    coalesce(list_contains(string_split_regex(lead, '[|]'), trim(investor)), false) as is_lead,
    source_file,
    source_row
from named
