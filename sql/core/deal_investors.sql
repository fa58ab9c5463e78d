-- One row per deal of core.deals and investor in it, with the home of the investor; the company's city is in core.deals.
-- A deal has as many rows as investors: weigh by share to add up deals or amounts by investor. #view
select
    deal,  -- Deal. #not_null #in core.deals.deal #unique with investor
    year,  -- Year announced. #not_null #part
    investor,  -- Investor. #not_null #in core.investors.investor
    is_lead,  -- Named as lead.
    cast(1 as double) / count(*) over (partition by deal) as share,  -- Part of the deal if its investors take the same; 1 for all of them together. #not_null
    kind,  -- Kind of investor, where curated.
    level as home_level,  -- How exactly its home is known: city, province or country; null if it is not known.
    unit as home,  -- Home of the investor: its city; or province or country, marked as such, if no more is known.
    city as home_city,  -- City of the investor's home. #in core.cities.city
    province as home_province,  -- Province or state of it.
    country as home_country,  -- Country of it.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from core.deal_investors_by_source
where dataset = 'all'
