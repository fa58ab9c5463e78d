-- Returnee founders of companies founded in the ten years to the headline year, by city and field, of cities whose founders a list
-- follows: those of the benchmark are immigrants.
select city, coalesce(field, 'not known') as field, count(*) as n
from core.founders
where is_returnee and city in (from leading_cities)
    and city in (select city from index.attention where quantity = 'returnee_founders') and city not in (select benchmark from benchmark)
    and founded between (select year - 9 from index.headline) and (select year from index.headline)
group by city, field
order by city, field
