-- Readiness of the cities shown and of the benchmark by year up to the headline year.
select s.city, s.year, s.rank, s.rank_low, s.rank_high, s.score, s.score_low, s.score_high
from index.scores as s
left join shown_cities as c on c.city = s.city
where s.measure = 'Readiness' and s.year <= (select year from index.headline)
    and (c.city is not null or s.city in (select benchmark from benchmark))
order by c.rank nulls last, s.city, s.year
