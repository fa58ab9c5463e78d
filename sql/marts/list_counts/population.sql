-- Residents in ten thousands. Those of the newest census by county come first, since graduates and migrants are counted within its
-- boundaries: Baoding has Xiong'an there, and Xianyang has Xixian. Cities that it lacks have those of the census by prefecture
-- (Hong Kong, Macau), and all others those of the register.
with by_county as (
    select city, year, population, max(year) over () as last_year
    from core.census_residents
    where population is not null
),

by_prefecture as (
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
),

preferred as (
    select city from by_county where year = last_year
),

census as (
    select
        'census_county' as dataset,
        null as province,
        city,
        year,
        population
    from by_county
    where year = last_year
    union all
    select
        'census' as dataset,
        l.province,
        l.city,
        l.year,
        l.population
    from by_prefecture as l
    left join preferred as c on c.city = l.city
    where l.year = l.last_year and c.city is null
)

select
    'population' as quantity,
    dataset as list,
    dataset,
    'CN' as country,
    province,
    city,
    year,
    population / 10000.0 as n
from census
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
