-- One row per founder of the register with a degree or a job abroad, in the year of founding, at the city of founding; of the
-- years that the register mostly knows. Whoever founds a Chinese company in the country of that degree or job has not come back.
select
    f.country,  -- Country.
    f.city,  -- City.
    f.founded as year,  -- Year founded. #not_null
    f.company,  -- Company. #not_null
    f.founding,  -- Founding, as shown to readers.
    f.source,  -- Where the fact was published.
    f.url,  -- Address of the page, where known.
    f.source_file,  -- File that holds the row. #not_null
    f.source_row  -- Row of that file. #not_null
from core.founders as f
left join core.cities as c on c.city = f.city
where
    f.is_returnee and f.founded <= (select y.last_year from staging.founding_years as y where y.dataset = 'register')
    and (
        coalesce(c.country, f.country) = f.country
        or not contains(coalesce(f.studied_abroad, '') || '|' || coalesce(f.worked_abroad, ''), c.country)
    )
