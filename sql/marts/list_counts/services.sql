-- Offices of service firms, fund managers, mandates at listings, and connectivity in the networks of service firms.
-- Connectivity is 100 for the best connected city; of several municipalities of one city the best connected stands for it.
with connected as (
    select
        c.country,
        p.city,
        case when p.city is null then l.city end as place,
        max(l.connectivity) as connectivity
    from landing.gawc__connectivity as l
    left join core.countries as c on c.written = lower(l.country)
    left join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
    group by c.country, p.city, case when p.city is null then l.city end
),

mandates as (
    select distinct dataset, kind, document, firm, country, city
    from core.listing_advisers
)

select
    'services' as quantity,
    'register: ' || case kind when 'bank' then 'investment banks' else kind || ' offices' end as list,
    'register' as dataset,
    country,
    null as province,
    city,
    cast(null as integer) as year,
    1.0 as n
from core.service_offices
where kind in ('audit', 'search', 'bank') or (kind = 'law' and practice = 'listing')
union all
select
    'services' as quantity,
    'gawc' as list,
    'gawc' as dataset,
    country,
    null as province,
    city,
    2020 as year,
    connectivity * 100.0 / max(connectivity) over () as n
from connected
union all
select
    'services' as quantity,
    'amac' as list,
    'amac' as dataset,
    'CN' as country,
    p.province,
    p.city,
    cast(null as integer) as year,
    1.0 as n
from landing.amac__managers as l
left join core.places as p on p.place_key = 'CN|' || coalesce(l.office_region, '') || '|' || coalesce(l.office_place, '')
union all
select
    'services' as quantity,
    dataset || ': ' || kind || ' mandates' as list,
    dataset,
    country,
    null as province,
    city,
    cast(null as integer) as year,
    1.0 as n
from mandates
