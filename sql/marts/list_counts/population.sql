-- Residents in ten thousands: the newest census, and the register for cities that the census lacks.
with census as (
    select
        p.province,
        p.city,
        l.year,
        l.population,
        max(l.year) over () as last_year
    from landing.census__prefectures as l
    inner join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
    where l.population is not null
),

recorded as (
    select *, max(year) over (partition by city) as last_year from core.city_population
)

select
    'population' as quantity,
    'census' as list,
    'census' as dataset,
    'CN' as country,
    province,
    city,
    year,
    population / 10000.0 as n
from census
where year = last_year
union all
select
    'population' as quantity,
    'register: population' as list,
    'register' as dataset,
    null as country,
    null as province,
    r.city,
    r.year,
    r.population / 10000.0 as n
from recorded as r
left join (select distinct city from census where city is not null) as c on c.city = r.city
where r.year = r.last_year and c.city is null
