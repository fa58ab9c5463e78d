-- Connectivity in the networks of service firms, 100 for the best connected city. A city that is not on the list is not measured.
-- Where several municipalities count as one city, the best connected stands for it, since connectivity does not add up.
with connected as (
    select
        p.city,
        max(l.connectivity) * 100.0 / max(max(l.connectivity)) over () as connectivity,
        min(l.source_file) as source_file,
        min(l.source_row) as source_row
    from landing.gawc__connectivity as l
    left join core.countries as c on c.written = lower(l.country)
    inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
    where p.city is not null
    group by p.city
)

select
    'services' as indicator,
    'gawc' as dataset,
    c.city,
    cast(null as integer) as year,
    cast(null as integer) as year_to,
    cast(null as varchar) as company,
    c.city || ', connectivity of 2020' as label,
    c.connectivity as value,
    'gawc' as source,
    null as url,
    c.source_file,
    c.source_row
from connected as c
