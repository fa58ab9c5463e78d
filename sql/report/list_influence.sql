-- How far each list moves the Readiness of the first ten cities.
select replace(i.quantity, '_', ' ') as quantity, i.list, i.dataset, i.city, i.moved
from index.list_influence as i
inner join shown_cities as c on c.city = i.city and c.rank <= 10
where i.measure = 'Readiness'
order by c.rank, i.city, abs(i.moved) desc, i.quantity, i.list
