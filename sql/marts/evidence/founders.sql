-- Founders at the city and year of founding, and those of them with a degree or a job abroad.
with founder_indicators (indicator) as (
    values ('founders'), ('founder_density'), ('returnee_founders')
)

select
    i.indicator,
    'register' as dataset,
    f.city,
    f.founded as year,
    f.founded as year_to,
    f.company,
    f.founding as label,
    case when i.indicator <> 'returnee_founders' or f.is_returnee then 1.0 end as value,
    f.source,
    f.url,
    f.source_file,
    f.source_row
from core.founders as f
cross join founder_indicators as i
