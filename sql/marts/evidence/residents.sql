-- Residents by education and by where they are registered, in thousands: one row is the whole number of a census.
with newest as (
    select *
    from core.census_residents
    where year = (select max(year) from core.census_residents)
),

quantities (indicator, who) as (
    values
    ('graduates', ' thousand residents with a bachelor''s degree or more, census of '),
    ('migrants', ' thousand residents registered in another province, census of ')
),

counted as (
    select
        q.indicator,
        q.who,
        n.city,
        n.year,
        n.source_file,
        n.source_row,
        case q.indicator when 'graduates' then n.bachelor else n.from_other_provinces end / 1000.0 as thousands
    from newest as n
    cross join quantities as q
)

select
    indicator,
    'census_county' as list,
    'census_county' as dataset,
    city,
    cast(cast(round(thousands) as bigint) as varchar) || who || cast(year as varchar) as label,
    thousands as value,
    'census_county' as source,
    source_file,
    source_row
from counted
where thousands is not null
