-- Chinese names of companies, investors, firms and schools; of cities and, where no city bears the name, of provinces, which prevail.
select company as name, company_zh as name_zh from core.companies where company_zh is not null
union all
select investor, investor_zh from core.investors where investor_zh is not null
union all
select distinct firm, firm_zh from core.service_offices where firm_zh is not null
union all
select university, university_zh from core.universities where university_zh is not null
union all
select city, city_zh from core.cities where city_zh is not null
union all
select province, any_value(name_zh)
from core.outlines
where level = 'province' and name_zh is not null and province not in (select city from core.cities where city_zh is not null)
group by province
