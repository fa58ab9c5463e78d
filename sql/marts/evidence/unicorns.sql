-- Companies that became unicorns, at their city of that year.
select
    'unicorns' as indicator,
    dataset as list,
    dataset,
    city,
    year,
    year as year_to,
    company,
    company || ', unicorn' as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from staging.counted_unicorns
where city is not null
