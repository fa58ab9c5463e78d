with backed as (
    select *, unnest(string_split_regex(investors, '[|]')) as investor
    from landing.india_deals_2015_2017__deals
)

select
    'india_deals_2015_2017' as dataset,
    'india_deals_2015_2017:' || cast(number as varchar) as report,
    date is not null as is_dated,
    investor,
    investor as investor_key,
    false as is_lead,
    source_file,
    source_row
from backed
