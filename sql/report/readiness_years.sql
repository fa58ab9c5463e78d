-- Readiness of the cities shown by year up to the headline year. The benchmark's is left out: it is the mean of fewer indicators, and
-- what has no date stands the same in all years, so its early levels and those of cities are not alike.
select s.city, s.year, s.rank, s.rank_low, s.rank_high, s.score, s.score_low, s.score_high
from index.scores as s
inner join shown_cities as c on c.city = s.city
where s.measure = 'Readiness' and s.year <= (select year from index.headline)
order by c.rank, s.city, s.year
