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
),

named as (
    select
        *,
        case unit_level
            when 'city' then city
            when 'province' then province || ' (province)'
            when 'country' then city_country || ' (country)'
        end as unit
    from levelled
)

select
    place_key,  -- Country, region and place, joined by |. #unique #not_null
    cast(row_number() over (order by place_key) as integer) as place_number,  -- Its number in this build. #unique #not_null
    city,  -- City, where known.
    province,  -- Province or state, where known.
    city_country,  -- Country, where known.
    unit_level,  -- city, province or country; null if not even the country is known.
    unit,  -- City; or province or country, marked as such.
    case when unit is not null then cast(dense_rank() over (order by unit nulls last) as integer) end
        as unit_number,  -- Number of the unit in this build.
    case
        when unit is not null
            then cast(dense_rank() over (order by unit nulls last, city_country nulls last, province nulls last) as integer)
    end as area_number  -- Number of the unit's part in this province, in this build: some cities lie in several.
from named
