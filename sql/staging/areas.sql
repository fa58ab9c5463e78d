-- One row per unit and province in which it lies: what the numbers of areas stand for. Most units lie in one.
select
    area_number,  -- Number of the area in this build. #unique #not_null
    unit_number,  -- Number of the unit in this build. #not_null
    min(unit) as unit,  -- City; or province or country, marked as such. #not_null
    min(unit_level) as level,  -- city, province or country. #not_null
    min(city) as city,  -- City; null unless the level is city.
    min(province) as province,  -- Province or state, where known.
    min(city_country) as country  -- Country, where known.
from staging.place_units
where area_number is not null
group by area_number, unit_number
