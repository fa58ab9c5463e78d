-- One row per place as sources write it, with the unit it counts for: its city, or else its province or country.
with levelled as (
    select
        place_key,
        city,
        province,
        city_country,
        case
            when city is not null then 'city'
            when province is not null then 'province'
            when city_country is not null then 'country'
        end as unit_level
    from core.places
)

select
    place_key,  -- Country, region and place, joined by |. #unique #not_null
    city,  -- City, where known.
    province,  -- Province or state, where known.
    city_country,  -- Country, where known.
    unit_level,  -- city, province or country; null if not even the country is known.
    case unit_level
        when 'city' then city
        when 'province' then province || ' (province)'
        when 'country' then city_country || ' (country)'
    end as unit  -- City; or province or country, marked as such.
from levelled
