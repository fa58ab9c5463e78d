-- How much the register holds of each city shown against what it holds of a typical one of that size, by what it counts.
select replace(a.quantity, '_', ' ') as quantity, a.city, a.attention, a.attention_low, a.attention_high
from index.attention as a
inner join shown_cities as c on c.city = a.city
where a.list = 'register'
order by a.quantity, c.rank, a.city
