with exported as (
    select *, unnest(string_split_regex(investors, '[|]')) as investor
    from landing.itjuzi_ai_2018__rounds
    where round not in ('IPO上市', 'IPO上市后', '新三板', '新三板定增', '并购')
)

select
    'itjuzi_ai_2018' as dataset,
    'itjuzi_ai_2018:' || company || '|' || date || '|' || cast(round as varchar) as report,
    date is not null as is_dated,
    investor,
    investor as investor_key,
    false as is_lead,
    source_file,
    source_row
from exported
