select
    'investor_graph_2008_2019' as dataset,
    e.company as key,
    e.company,
    'CN' as country,
    p.place,
    e.source_file,
    e.source_row
from landing.investor_graph_2008_2019__edges as e
left join staging.registered_places as p on p.name = e.company
