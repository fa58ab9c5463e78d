-- Unicorns, at the city they had while they were one.
select
    'unicorns' as indicator,
    dataset as list,
    dataset,
    city,
    year,
    year_to,
    company,
    company || ', unicorn' as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from staging.counted_unicorns
where city is not null
