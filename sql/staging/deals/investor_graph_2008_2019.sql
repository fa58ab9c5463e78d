-- A row of the source is one investor in a round. Listings, sales of shares after them and market making on the NEEQ (新三板) are
-- no rounds of venture capital. An empty round is a strategic investment.
select
    'investor_graph_2008_2019:' || e.company || '|' || e.date || '|' || coalesce(cast(e.round as varchar), '战略投资') as report,
    'investor_graph_2008_2019' as dataset,
    e.company as company_key,
    e.company,
    'CN' as country,
    p.place,
    e.date,
    coalesce(cast(e.round as varchar), '战略投资') as round,
    e.source_file,
    min(e.source_row) as source_row
from landing.investor_graph_2008_2019__edges as e
left join staging.registered_places as p on p.name = e.company
where e.round is null or e.round not in ('IPO轮', '上市定增', '定向增发', '新三板', '新三板定增')
group by e.company, p.place, e.date, e.round, e.source_file
