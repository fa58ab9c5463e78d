-- A company may stand in several rows and files, of which only some have its region, or the year that all agree on.
with exported as (
    select company, country, null as region, place, founded, source_file, source_row from landing.inbox__companies
    union all
    select company, country, region, place, null as founded, source_file, source_row from landing.inbox__deals
)

select
    'inbox' as dataset,
    company || '|' || coalesce(country, '') || '|' || coalesce(place, '') as key,
    company,
    country,
    max(region) over (partition by company, country, place) as region,
    place,
    max(founded) over (partition by company, country, place) as founded,
    source_file,
    source_row
from exported
