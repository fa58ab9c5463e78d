-- The province of each city.
select country, city, province from core.cities where province is not null
