-- One row per city and census of China: residents, how educated they are, and where they are registered.
-- Boundaries are those of the census year. Chaohu is left out of 2010: it was divided among three cities in 2011.
with placed as (
    select
        p.city,
        p.province,
        l.year,
        l.population,
        l.college_men + l.college_women as college,
        l.bachelor_men + l.bachelor_women as bachelor,
        l.from_same_province,
        l.from_other_provinces,
        l.source_file,
        l.source_row
    from landing.census_county__prefectures as l
    inner join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
    where p.city is not null and not (l.year = 2010 and l.place = '巢湖市')
)

select
    city,  -- City. #not_null #in core.cities.city #unique with year
    min(province) as province,  -- Province.
    year,  -- Census year. #not_null
    cast(sum(population) as bigint) as population,  -- Residents. #check population > 0
    cast(sum(college) as bigint) as college,  -- Residents whose highest education is a college of three years.
    cast(sum(bachelor) as bigint) as bachelor,  -- Residents with a bachelor's degree or more. #check bachelor <= population
    sum(bachelor) * 1.0 / nullif(sum(population), 0) as bachelor_share,  -- Their share of all residents.
    cast(sum(from_same_province) as bigint)
        as from_same_province,  -- Residents registered in another county of the province.
    cast(sum(from_other_provinces) as bigint) as from_other_provinces,  -- Residents registered in another province.
    sum(from_other_provinces) * 1.0 / nullif(sum(population), 0) as from_other_provinces_share,  -- Their share of all residents.
    count(*) as n_units,  -- Prefectures and counties that make the city.
    min(source_file) as source_file,  -- File that holds the rows. #not_null
    min(source_row) as source_row  -- First of the rows. #not_null
from placed
group by city, year
