-- One row per deal and city of an investor in it, as evidence of capital that originates there.
select
    origin as city,  -- City of the investors. #not_null
    year,  -- Year announced. #not_null
    year as year_to,  -- The same year: it is an event.
    company,  -- Company financed.
    deal as label,  -- What a reader sees.
    case when any_rule = 1 then fractional_rule end as deals_originated,  -- Deals credited to the investors' home city.
    fractional_office_rule as deals_originated_by_office,  -- Deals, each investor split over its open offices.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from marts.deal_origin
where dataset = 'register'
