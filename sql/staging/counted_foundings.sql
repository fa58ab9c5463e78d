-- One row per company and list that says in which year it was founded: at the city of founding in the register, at the present
-- place in a list. Listed companies are in staging.counted_listings. Of a source with deals only years that it mostly knows count.
select
    'register' as dataset,  -- Source. #not_null
    country,  -- Country, where known.
    province,  -- Province or state.
    city_founded as city,  -- City.
    founded as year,  -- Year founded. #not_null
    company,  -- Company, as printed in a list. #not_null
    source,  -- Where the fact was published. #not_null
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from core.companies
where is_in_register and founded <= (select y.last_year from staging.founding_years as y where y.dataset = 'register')
union all
select
    s.dataset,
    coalesce(p.city_country, s.country) as country,
    p.province,
    p.city,
    s.founded as year,
    s.company,
    s.dataset as source,
    cast(null as varchar) as url,
    s.source_file,
    s.source_row
from staging.companies as s
left join core.places as p on p.place_key = s.place_key
left join (select distinct dataset from core.listed_companies) as l on l.dataset = s.dataset
left join staging.founding_years as y on y.dataset = s.dataset
where s.founded <= coalesce(y.last_year, s.founded) and s.dataset <> 'register' and l.dataset is null
