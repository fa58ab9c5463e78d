-- Companies in the year of founding, and founders with a degree or a job abroad at the city and year of founding.
with founder_indicators (indicator) as (
    values ('founders'), ('founder_density')
)

select
    i.indicator,
    f.dataset || ': companies founded' as list,
    f.dataset,
    f.city,
    f.year,
    f.year as year_to,
    f.company,
    f.company || ', founded' as label,
    1.0 as value,
    f.source,
    f.url,
    f.source_file,
    f.source_row
from staging.counted_foundings as f
cross join founder_indicators as i
where f.city is not null
union all
select
    'returnee_founders' as indicator,
    'register' as list,
    'register' as dataset,
    city,
    year,
    year as year_to,
    company,
    founding as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from staging.counted_returnees
