-- Every score of the cities in the headline year, by rank; cities without a rank come last.
select s.*
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join index.scores as r on r.year = s.year and r.city = s.city and r.measure = 'Readiness'
where s.score is not null
order by r.rank nulls last, s.city, s.measure
