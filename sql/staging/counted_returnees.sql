-- One row per founder of the register with a degree or a job abroad, in the year of founding, at the city of founding; of the
-- years that the register mostly knows.
select
    country,  -- Country.
    city,  -- City.
    founded as year,  -- Year founded. #not_null
    company,  -- Company. #not_null
    founding,  -- Founding, as shown to readers.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from core.founders
where is_returnee and founded <= (select last_year from staging.founding_years)
