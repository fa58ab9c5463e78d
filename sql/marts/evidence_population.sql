-- One row per city and census, as denominator for the years it stands for.
select
    'register' as dataset,  -- Source. #not_null
    city,  -- City. #not_null
    valid_from as year,  -- First year it stands for. #not_null
    valid_to as year_to,  -- Last year it stands for; null if open.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    city || ', census ' || year as label,  -- What a reader sees.
    population / 100000.0 as population_100k,  -- Resident population, hundred thousands.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.city_population
