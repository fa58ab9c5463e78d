-- Every score of the cities carried in the headline year, by rank; cities without a rank come last.
select s.*
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join index.scores as r on r.year = s.year and r.city = s.city and r.measure = 'Readiness'
where s.score is not null and s.city in (from carried_cities)
order by r.rank nulls last, s.city, s.measure
