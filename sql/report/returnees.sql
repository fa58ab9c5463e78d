-- Returnee founders of companies founded in the ten years to the headline year, by city and field, of cities whose founders a list
-- follows: those of the benchmark are immigrants.
select city, coalesce(field, 'not known') as field, count(*) as n, h.year - 9 as first_year, h.year as last_year
from core.founders
cross join index.headline as h
where is_returnee and city in (from leading_cities)
    and city in (select city from index.attention where quantity = 'returnee_founders') and city not in (select benchmark from benchmark)
    and founded between h.year - 9 and h.year
group by city, field, h.year
order by city, field
