-- Returnee founders of companies founded in the ten years to the headline year, by city and field.
select city, coalesce(field, 'not known') as field, count(*) as n
from core.founders
where is_returnee and city in (from leading_cities)
    and founded between (select year - 9 from index.headline) and (select year from index.headline)
group by city, field
order by city, field
