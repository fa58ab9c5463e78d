-- One row per American city, year and sector: new firms, where the number of each of its metropolitan areas is known.
select
    p.city_country as country,  -- Country. #not_null
    p.province,  -- State.
    p.city,  -- City. #not_null #unique with year, sector
    l.year,  -- Year; the firms are new since March of the year before. #not_null
    cast(l.sector as varchar) as sector,  -- Sector: 51 is information, 54 professional services. #not_null
    cast(sum(l.new_firms) as bigint) as new_firms  -- New firms. #not_null #check new_firms >= 0
from landing.census_bds__new_firms as l
inner join core.places as p on p.place_key = 'US|' || l.region || '|' || l.place
where p.city is not null
group by p.city_country, p.province, p.city, l.year, l.sector
having count(*) = count(l.new_firms)
