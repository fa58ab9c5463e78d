-- What the scores of the cities shown vary with, in the headline year.
select s.city, s.factor, s.first_order, s.total
from index.sensitivity as s
inner join shown_cities as c on c.city = s.city
where s.measure = 'Readiness'
order by c.rank, s.city, s.total desc
