-- One row per deal and investor, with the investor's home where the register knows it.
select
    d.deal,  -- Deal. #not_null #in core.deals.deal
    d.investor,  -- Investor as announced. #not_null
    d.is_lead,  -- Named as lead.
    i.kind,  -- Kind of investor.
    i.city,  -- Home city; null if the register does not know the investor.
    i.country,  -- Home country.
    i.investor is not null as is_located,  -- The register knows where the investor sits.
    d.source_file,  -- File the row stands in.
    d.source_row  -- Row of that file.
from staging.deal_investors as d
left join core.investors as i on i.investor = d.investor
