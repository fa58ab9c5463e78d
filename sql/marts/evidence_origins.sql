-- One row per deal and city of an investor in it, as evidence of capital that originates there.
select
    origin as city,  -- City of the investors. #not_null
    year,  -- Year announced. #not_null
    year as year_to,  -- The same year: it is an event.
    company,  -- Company financed.
    deal as label,  -- What a reader sees.
    fractional_rule as deals_originated,  -- Deals credited to the city of the investing office.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from marts.deal_origin
where any_rule = 1
