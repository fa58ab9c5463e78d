-- Companies of the register, and the country of the city in which each was founded.
select c.* exclude (basis, source, url, source_file, source_row), f.country as country_founded
from core.companies as c
left join core.cities as f on f.city = c.city_founded
where c.is_in_register
