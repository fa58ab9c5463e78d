-- One row per office of a service firm, from the year it opened, and per city on the list of connectivity.
select
    'register' as dataset,  -- Source. #not_null
    city,  -- City. #not_null
    coalesce(opened, 1900) as year,  -- Year it opened; 1900, that is always, where the year is not known.
    cast(null as integer) as year_to,  -- Last year it counts; null if open.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    firm || case when opened is null then ' (year opened unknown)' else '' end as label,  -- What a reader sees.
    case when kind = 'law' then 1.0 end as listing_law_offices,  -- Law offices with a listing or M&A practice.
    case when kind = 'audit' then 1.0 end as audit_offices,  -- Offices of audit firms.
    case when kind = 'search' then 1.0 end as search_firms,  -- Offices of executive-search firms.
    case when kind = 'bank' then 1.0 end as advisers,  -- Offices of investment banks.
    cast(null as double) as service_connectivity,  -- Connectivity in the networks of service firms, 100 for the best connected.
    cast(null as double) as connectivity_known,  -- The city is on the list; one that is not is not measured, which is no zero.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.service_offices
union all
-- Of several municipalities that count as one city the best connected: the figure is no number of things to be added up.
select
    'gawc' as dataset,
    p.city,
    1900 as year,
    null as year_to,
    null as company,
    p.city || ', connectivity of 2020' as label,
    null as listing_law_offices,
    null as audit_offices,
    null as search_firms,
    null as advisers,
    max(l.connectivity) * 100.0 / max(max(l.connectivity)) over () as service_connectivity,
    1.0 as connectivity_known,
    'gawc' as source,
    null as url,
    min(l.source_file) as source_file,
    min(l.source_row) as source_row
from landing.gawc__connectivity as l
left join core.countries as c on c.written = lower(l.country)
inner join core.places as p on p.place_key = coalesce(c.country, '') || '||' || l.city
where p.city is not null
group by p.city
