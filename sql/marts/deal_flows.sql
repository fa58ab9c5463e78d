-- One row per origin city, destination city and year: deals credited by the fractional rule.
select
    origin,  -- City the deals are credited to. #not_null
    origin_country,  -- Country of that city.
    destination,  -- City of the companies financed.
    company_country,  -- Country of the companies.
    year,  -- Year announced. #not_null
    count(distinct deal) as n_deals,  -- Deals with at least one investor of the origin.
    round(sum(fractional_rule), 9) as deals_fractional  -- Deals, each split evenly over its located investors.
from marts.deal_origin
where any_rule = 1
group by origin, origin_country, destination, company_country, year
