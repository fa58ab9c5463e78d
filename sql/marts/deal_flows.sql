-- One row per source, origin, destination and year: deals credited by the fractional rule.
select
    dataset,  -- Source, or all sources together. #not_null
    origin,  -- City the deals are credited to; where only that is known, the province or country, marked as such. #not_null
    origin_country,  -- Country of the origin.
    origin_country <> company_country as is_foreign,  -- True if the capital comes from abroad.
    destination,  -- City of the companies financed; null if the source gives the province only.
    company_province,  -- Province or state of the companies.
    company_country,  -- Country of the companies.
    year,  -- Year announced. #not_null #part
    count(*) as n_deals,  -- Deals with at least one investor of the origin.
    round(sum(fractional_rule), 9) as deals_fractional,  -- Deals, each split evenly over its located investors.
    round(sum(amount_rule_usd), 2) as usd_fractional  -- US dollars, split the same way; only deals whose exact amount is known.
from marts.deal_origin
where any_rule = 1
group by dataset, origin, origin_country, destination, company_province, company_country, year
