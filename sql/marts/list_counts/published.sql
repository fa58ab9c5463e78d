-- Unicorns of cities as reports print them: each edition is a list of its year that names only the cities it prints.
with editions as (
    select
        source || ' ' || substr(edition_or_year, 1, 7) as edition,
        case city when 'San Francisco' then 'San Francisco Bay Area' else city end as city,
        cast(substr(edition_or_year, 1, 4) as integer) as year,
        cast(value as double) as n
    from core.published_statistics
    where metric = 'unicorns' and regexp_matches(value, '^[0-9.]+$') and regexp_matches(edition_or_year, '^[0-9]{4}-[0-9]{2}')
)

select
    'unicorns' as quantity,
    'published: ' || e.edition as list,
    'register' as dataset,
    c.country,
    c.province,
    e.city,
    e.year,
    e.n
from editions as e
inner join core.cities as c on c.city = e.city
