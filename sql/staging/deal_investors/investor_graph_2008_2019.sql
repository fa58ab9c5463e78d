select
    'investor_graph_2008_2019' as dataset,
    'investor_graph_2008_2019:' || company || '|' || date || '|' || coalesce(cast(round as varchar), '战略投资') as report,
    date is not null as is_dated,
    investor,
    investor as investor_key,
    false as is_lead,
    source_file,
    min(source_row) as source_row
from landing.investor_graph_2008_2019__edges
where round is null or round not in ('IPO轮', '上市定增', '定向增发', '新三板', '新三板定增')
group by company, date, round, investor, source_file
