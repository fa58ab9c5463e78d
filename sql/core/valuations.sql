-- One row per published value of a company.
select
    v.company,  -- Company. #in core.companies.company #unique with year, kind
    h.city,  -- City of the company in that year. #in core.cities.city
    c.parent,  -- Company from which it was spun off.
    v.year,  -- Year of the value. #not_null
    v.value_usd_bn,  -- Billions of US dollars. #check value_usd_bn >= 0
    v.kind,  -- Market capitalisation or post-money valuation.
    v.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    v.source,  -- Where the fact was published.
    v.url,  -- Address of the page, where known.
    v.source_file,  -- File that holds the row.
    v.source_row  -- Row of that file.
from landing.register__valuations as v
left join core.companies as c on c.company = v.company
left join core.company_homes as h
    on h.company = v.company and v.year between coalesce(h.first_year, 0) and coalesce(h.last_year, 9999)
