-- Totals of cities as reports print them: each edition is a list of its year that names only the cities it prints.
with quantities as (
    select * from (values ('unicorns', 'unicorns'), ('deals_received', 'deals_received'), ('deals_originated', 'deals_originated'))
        as q (metric, quantity)
),

editions as (
    select
        q.quantity,
        p.source || case when contains(p.source, substr(p.edition_or_year, 1, 4)) then '' else ' ' || substr(p.edition_or_year, 1, 7) end
            as edition,
        case p.city when 'San Francisco' then 'San Francisco Bay Area' else p.city end as city,
        cast(substr(p.edition_or_year, 1, 4) as integer) as year,
        cast(p.value as double) as n
    from core.published_statistics as p
    inner join quantities as q on q.metric = p.metric
    where regexp_matches(p.value, '^[0-9.]+$') and regexp_matches(p.edition_or_year, '^[0-9]{4}(-[0-9]{2}|$)')
)

select
    e.quantity,
    'published: ' || e.edition as list,
    'register' as dataset,
    c.country,
    c.province,
    e.city,
    e.year,
    e.n
from editions as e
inner join core.cities as c on c.city = e.city
