-- Founders who studied in the city, at the city of the university.
select
    'founder_yield' as indicator,
    'register' as dataset,
    city,
    founded as year,
    founded as year_to,
    company,
    founder || ' studied at ' || university || ' and founded ' || company as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from core.founder_schools
where city is not null
