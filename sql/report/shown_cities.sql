-- The cities that tables show, by rank: the first forty by Readiness. The file has all of them.
select s.city, s.rank
from index.scores as s
inner join index.headline as h on h.year = s.year
where s.measure = 'Readiness' and s.rank is not null
order by s.rank, s.city
limit 40
