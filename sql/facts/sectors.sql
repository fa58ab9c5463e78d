-- Companies and deals of the other sources by sector, in a city or, where the source knows no more, a province.
select
    dataset, classification, country, coalesce(city, province || ' (province)') as unit, city is not null as is_city,
    sector, year, company
from marts.sector_rows
where dataset <> 'register' and company is not null
