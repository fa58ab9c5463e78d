-- How often each city shown takes each rank by Readiness.
select p.*
from index.rank_probabilities as p
inner join shown_cities as c on c.city = p.city
where p.measure = 'Readiness'
order by c.rank, p.city, p.rank
