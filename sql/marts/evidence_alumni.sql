-- One row per founder and university attended, at the city of the university.
select
    'register' as dataset,  -- Source. #not_null
    city,  -- City of the university. #not_null
    founded as year,  -- Year the company was founded.
    founded as year_to,  -- The same year: it is an event.
    company,  -- Company founded.
    founder || ' studied at ' || university || ' and founded ' || company as label,  -- What a reader sees.
    1.0 as founder_yield,  -- Founders who studied in the city, by elite university of the city.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.founder_schools
where city is not null
