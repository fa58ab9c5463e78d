-- Chinese names of cities and, where no city bears the name, of provinces.
select city as name, city_zh as name_zh from core.cities where city_zh is not null
union all
select province, any_value(name_zh)
from core.outlines
where level = 'province' and name_zh is not null and province not in (select city from core.cities where city_zh is not null)
group by province
