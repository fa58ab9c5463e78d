-- Scores by year up to the headline year: Readiness with ranks of the cities carried, the other scores of the first forty and
-- of the benchmark.
select s.city, s.measure, s.year, s.score, s.score_low, s.score_high, s.rank, s.rank_low, s.rank_high
from index.scores as s
where
    s.year <= (select year from index.headline)
    and s.city in (from carried_cities)
    and (s.measure = 'Readiness' or s.city in (select city from shown_cities) or s.city in (select benchmark from benchmark))
order by s.city, s.measure, s.year
