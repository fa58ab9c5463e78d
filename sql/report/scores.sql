-- Every score of the ranked cities and the benchmark in the headline year, by rank; the benchmark, which has none, comes last.
select s.*
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join index.scores as r on r.year = s.year and r.city = s.city and r.measure = 'Readiness'
where s.score is not null and (r.rank is not null or s.city in (select benchmark from benchmark))
order by r.rank nulls last, s.city, s.measure
