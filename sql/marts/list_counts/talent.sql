-- Residents with a bachelor's degree or more, and residents registered in another province, in thousands, in the newest census.
with residents as (
    select *, max(year) over () as last_year from core.census_residents
),

measures (measure) as (
    values ('graduates'), ('from other provinces')
),

counted as (
    select
        m.measure,
        r.city,
        r.year,
        case m.measure when 'graduates' then r.bachelor else r.from_other_provinces end / 1000.0 as n
    from residents as r
    cross join measures as m
    where r.year = r.last_year
)

select
    'talent' as quantity,
    'census_county: ' || measure as list,
    'census_county' as dataset,
    'CN' as country,
    null as province,
    city,
    year,
    n
from counted
where n is not null
