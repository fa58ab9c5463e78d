-- One row per city of the register and census, with the years for which it is used: from its own year to the year before the next
-- census. These are few of the cities of China, of which core.census_residents has all.
-- Join by city and year, or keep the newest census, whose valid_to is null.
select
    p.city,  -- City. #not_null #in core.cities.city #unique with year
    l.year,  -- Census year. #not_null
    l.population,  -- Resident population, persons. #check population > 0
    case
        when lag(l.year) over (partition by p.city order by l.year) is null then 1990 else l.year
    end as valid_from,  -- First year for which it is used; the first census is used for earlier years too.
    lead(l.year) over (partition by p.city order by l.year) - 1 as valid_to,  -- Last year for which it is used; null if open.
    l.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    l.source,  -- Where the fact was published.
    l.url,  -- Address of the page, where known.
    l.source_file,  -- File that holds the row.
    l.source_row  -- Row of that file.
from landing.register__city_population as l
inner join core.places as p on p.place_key = l.country || '||' || l.city
