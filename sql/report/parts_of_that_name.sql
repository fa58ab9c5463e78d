-- The other cities that have a district, county or town of the name of the city $1.
select distinct city
from core.place_names
where kind = 'part' and city <> $1 and plain_name(name) = plain_name($1)
order by city
