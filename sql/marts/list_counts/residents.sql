-- Residents with a bachelor's degree or more, and residents registered in another province, in thousands, in the newest census.
with residents as (
    select *, max(year) over () as last_year from core.census_residents
),

quantities (quantity) as (
    values ('graduates'), ('migrants')
),

counted as (
    select
        q.quantity,
        r.city,
        r.year,
        case q.quantity when 'graduates' then r.bachelor else r.from_other_provinces end / 1000.0 as n
    from residents as r
    cross join quantities as q
    where r.year = r.last_year
)

select
    quantity,
    'census_county' as list,
    'census_county' as dataset,
    'CN' as country,
    city,
    year,
    n
from counted
where n is not null
