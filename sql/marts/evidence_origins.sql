-- One row per deal and city of an investor in it, as evidence of capital that originates there.
select
    o.dataset,  -- Source. #not_null
    o.origin as city,  -- City of the investors. #not_null
    o.year,  -- Year announced. #not_null
    o.year as year_to,  -- The same year: it is an event.
    o.company,  -- Company financed.
    o.deal as label,  -- What a reader sees.
    case when o.any_rule = 1 then o.fractional_rule end as deals_originated,  -- Deals credited to the investors' home city.
    o.fractional_office_rule as deals_originated_by_office,  -- Deals, each investor split over its open offices.
    o.source,  -- Where the fact was published.
    o.url,  -- Address of the page, where known.
    o.source_file,  -- File the row stands in.
    o.source_row  -- Row of that file.
from marts.deal_origin as o
inner join marts.deal_sources as l on l.dataset = o.dataset
inner join core.cities as c on c.city = o.origin
