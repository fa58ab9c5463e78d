-- One row per office of a service firm, as evidence from the year it opened.
select
    city,  -- City. #not_null
    coalesce(opened, 1900) as year,  -- Year it opened; 1900, that is always, where the year is not known.
    cast(null as integer) as year_to,  -- Last year it counts; null if open.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    firm || case when opened is null then ' (year opened unknown)' else '' end as label,  -- What a reader sees.
    case when kind = 'law' then 1.0 end as listing_law_offices,  -- Law offices with a listing or M&A practice.
    case when kind = 'audit' then 1.0 end as audit_offices,  -- Offices of audit firms.
    case when kind = 'search' then 1.0 end as search_firms,  -- Offices of executive-search firms.
    case when kind = 'bank' then 1.0 end as advisers,  -- Offices of investment banks.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.service_offices
