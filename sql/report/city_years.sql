-- Scores by year up to the headline year: Readiness with ranks of the cities carried, the other scores of the first forty. The benchmark
-- has none: its early levels and those of cities are not alike (see readiness_years).
select s.city, s.measure, s.year, s.score, s.score_low, s.score_high, s.rank, s.rank_low, s.rank_high
from index.scores as s
where
    s.year <= (select year from index.headline)
    and s.city in (from carried_cities)
    and s.city not in (select benchmark from benchmark)
    and (s.measure = 'Readiness' or s.city in (select city from shown_cities))
order by s.city, s.measure, s.year
