select company as name from landing.investor_graph_2008_2019__edges
