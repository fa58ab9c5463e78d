-- One row per city any register row mentions; municipalities of one metropolitan area count as one city.
select
    city,  -- City; the key used everywhere. #not_null #unique
    min(city_country) as country,  -- ISO 3166 alpha-2 code. #not_null
    count(distinct municipality) as n_municipalities,  -- Municipalities seen in it.
    round(avg(latitude), 4) as latitude,  -- Degrees north, mean of its municipalities.
    round(avg(longitude), 4) as longitude,  -- Degrees east, mean of its municipalities.
    min(geoname_id) as geoname_id  -- GeoNames id of one of its municipalities.
from landing.places
group by city
