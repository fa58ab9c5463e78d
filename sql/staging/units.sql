-- One row per unit, with the areas that may hide a city of it: its province and its country, where a place is known by no more.
with named as (
    select unit_number, min(unit) as unit, min(city) as city
    from staging.areas
    group by unit_number
)

select
    u.unit_number,  -- Number of the unit in this build. #unique #not_null
    u.unit,  -- City; or province or country, marked as such. #unique #not_null
    p.area_number as province_area,  -- Area of the whole province of a city, where any place is known by it alone.
    k.area_number as country_area  -- Area of the whole country of a city, where any place is known by it alone.
from named as u
left join core.cities as c on c.city = u.city
left join staging.areas as p on p.level = 'province' and p.country = c.country and p.province = c.province
left join staging.areas as k on k.level = 'country' and k.country = c.country
