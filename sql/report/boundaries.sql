-- Readiness of the ranked cities under each boundary, the published one first.
select preset, city, score, rank from index.boundaries
where measure = 'Readiness' and rank is not null
order by preset <> 'city', preset, rank, city
