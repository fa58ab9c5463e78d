-- How likely each of the leading cities is first, by every way to make Readiness of the pillars, the published one first.
select a.way, a.is_published, a.city, a.p_first
from index.alternatives as a
inner join shown_cities as c on c.city = a.city
order by not a.is_published, a.way, c.rank, a.city
