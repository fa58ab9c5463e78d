-- Cities of each boundary by rank, the published boundary first; cities that are scored only have no rank.
select preset, city, rank from index.boundaries where measure = 'Readiness' order by preset <> 'city', preset, rank, city
