-- Ranks by Readiness of the cities shown, with their intervals.
select s.*
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join shown_cities as c on c.city = s.city
where s.measure = 'Readiness'
order by s.rank, s.city
