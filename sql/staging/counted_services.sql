-- One row per office that stands, fund manager, mandate at a listing, or city in the networks of service firms, and list that counts it.
-- Connectivity is 100 for the best connected city; of several municipalities of one city the best connected stands for it, since
-- connectivity does not add up.
with connected as (
    select
        c.country,
        p.city,
        case when p.city is null then l.city end as place,
        max(l.connectivity) as connectivity,
        min(l.source_file) as source_file,
        min(l.source_row) as source_row
    from landing.gawc__connectivity as l
    left join core.countries as c on c.written = lower(l.country)
    left join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
    group by c.country, p.city, case when p.city is null then l.city end
),

mandates as (
    select
        dataset,
        kind,
        document,
        firm,
        country,
        city,
        source_file,
        source_row,
        row_number() over (
            partition by dataset, kind, document, firm, country, city order by source_row, source_file
        ) as turn
    from core.listing_advisers
)

select
    'register: ' || case kind when 'bank' then 'investment banks' else kind || ' offices' end as list,  -- List. #not_null
    'register' as dataset,  -- Source. #not_null
    country,  -- Country, where known.
    cast(null as varchar) as province,  -- Province or state, where the city does not say it.
    city,  -- City.
    cast(null as integer) as year,  -- Year of the list; null if it has none.
    opened,  -- Year from which it stands, where known.
    firm || case when opened is null then ' (year opened unknown)' else '' end as label,  -- Description for readers.
    1.0 as n,  -- How much it counts. #not_null
    source,  -- Where the fact was published. #not_null
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from core.service_offices
where closed is null and (kind in ('audit', 'search', 'bank') or (kind = 'law' and practice = 'listing'))
union all
select
    'gawc' as list,
    'gawc' as dataset,
    country,
    null as province,
    city,
    2020 as year,
    null as opened,
    coalesce(city, place) || ', connectivity of 2020' as label,
    connectivity * 100.0 / max(connectivity) over () as n,
    'gawc' as source,
    null as url,
    source_file,
    source_row
from connected
union all
select
    'amac' as list,
    'amac' as dataset,
    'CN' as country,
    p.province,
    p.city,
    null as year,
    null as opened,
    l.manager as label,
    1.0 as n,
    'amac' as source,
    null as url,
    l.source_file,
    l.source_row
from landing.amac__managers as l
left join core.places as p on p.place_key = 'CN|' || coalesce(l.office_region, '') || '|' || coalesce(l.office_place, '')
union all
select
    dataset || ': ' || kind || ' mandates' as list,
    dataset,
    country,
    null as province,
    city,
    null as year,
    null as opened,
    firm || ', ' || kind || ' mandate' || coalesce(' of ' || document, '') as label,
    1.0 as n,
    dataset as source,
    null as url,
    source_file,
    source_row
from mandates
where turn = 1
