-- Ranks by Readiness of the cities shown, with their intervals, and what is inferred.
select s.*, u.inferred, coalesce(u.is_inferred, false) as is_inferred
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join shown_cities as c on c.city = s.city
left join uncounted as u on u.city = s.city
where s.measure = 'Readiness'
order by s.rank, s.city
