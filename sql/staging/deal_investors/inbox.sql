with named as (
    select *, unnest(string_split_regex(investors, '[|]')) as investor
    from landing.inbox__deals
)

select
    coalesce(f.dataset, 'inbox') as dataset,
    'inbox:' || n.source_file || '#' || cast(n.source_row as varchar) as report,
    n.date is not null as is_dated,
    trim(n.investor) as investor,
    trim(n.investor) as investor_key,
    coalesce(list_contains(string_split_regex(n.lead, '[|]'), trim(n.investor)), false) as is_lead,
    n.source_file,
    n.source_row
from named as n
left join staging.inbox_files as f on f.source_file = n.source_file
