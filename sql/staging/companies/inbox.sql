-- A company may stand in several rows and files, of which only some have its region, or the year that all agree on.
select
    dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    country,
    max(region) over (partition by dataset, company, country, place) as region,
    place,
    max(founded) over (partition by dataset, company, country, place) as founded,
    source_file,
    source_row
from staging.inbox_rows
