-- Resident population in hundred thousands, for the years a census stands for.
select
    'population_100k' as indicator,
    'register' as dataset,
    city,
    valid_from as year,
    valid_to as year_to,
    cast(null as varchar) as company,
    city || ', census ' || year as label,
    population / 100000.0 as value,
    source,
    url,
    source_file,
    source_row
from core.city_population
