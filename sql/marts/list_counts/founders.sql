-- Founders and companies in the year of founding: at the city of founding in the register, at the present place in a list.
-- Lists of listed companies are in the branch of those.
select
    'founders' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    null as province,
    city,
    founded as year,
    1.0 as n
from core.founders
where founded is not null
union all
select
    'founders' as quantity,
    'register: companies founded' as list,
    'register' as dataset,
    country,
    province,
    city_founded as city,
    founded as year,
    1.0 as n
from core.companies
where is_in_register and founded is not null
union all
select
    'founders' as quantity,
    s.dataset || ': companies founded' as list,
    s.dataset,
    coalesce(p.city_country, s.country) as country,
    p.province,
    p.city,
    s.founded as year,
    1.0 as n
from staging.companies as s
left join core.places as p on p.place_key = s.place_key
left join (select distinct dataset from core.listed_companies) as l on l.dataset = s.dataset
where s.founded is not null and s.dataset <> 'register' and l.dataset is null
