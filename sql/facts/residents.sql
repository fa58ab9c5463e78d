-- Residents of each city at the first census.
select city, population from core.census_residents where year = (select min(year) from core.census_residents) and population > 0
