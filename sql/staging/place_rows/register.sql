-- The register names the column of each place, so that an error about a place says which field to correct.
select 'register' as dataset, country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__companies
union all
select 'register' as dataset, country, null as region, city_founded as place, 'city_founded' as "column", 1 as n, source_file, source_row
from landing.register__companies
where city_founded is not null
union all
select 'register' as dataset, country, null as region, home_city as place, 'home_city' as "column", 1 as n, source_file, source_row
from landing.register__investors
union all
select 'register' as dataset, country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__investor_offices
union all
select 'register' as dataset, country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__universities
union all
select 'register' as dataset, country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__service_firms
union all
select 'register' as dataset, 'CN' as country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__zones
union all
select 'register' as dataset, country, null as region, city as place, 'city' as "column", 1 as n, source_file, source_row
from landing.register__city_population
