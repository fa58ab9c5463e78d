-- One row per source, origin, destination with its province, and year: deals credited by the fractional rule.
-- Keep one dataset when counting ('all' for all sources together).
with named as (
    select
        s.dataset,
        u.unit as origin,
        o.country as origin_country,
        d.city as destination,
        d.province as company_province,
        c.country as company_country,
        c.year,
        c.any_rule,
        c.fractional_rule,
        c.amount_rule_usd
    from staging.credits as c
    inner join staging.counted_datasets as s on s.dataset_number = c.dataset_number
    inner join staging.units as u on u.unit_number = c.unit_number
    inner join staging.areas as o on o.area_number = c.unit_area
    left join staging.areas as d on d.area_number = c.area_number
    where c.any_rule > 0
)

select
    dataset,  -- Source, or all sources together. #not_null
    origin,  -- City the deals are credited to; where only that is known, the province or country, marked as such. #not_null
    origin_country,  -- Country of the origin.
    origin_country <> company_country as is_foreign,  -- True if the origin is in another country than the companies, whoever owns the investors.
    destination,  -- City of the companies financed; null if the source gives the province only.
    company_province,  -- Province or state of the companies.
    company_country,  -- Country of the companies.
    year,  -- Year announced. #not_null #part
    cast(sum(any_rule) as bigint) as n_deals,  -- Deals with at least one investor of the origin.
    round(sum(fractional_rule), 9) as deals_fractional,  -- Deals, each split evenly over its located investors.
    round(sum(amount_rule_usd), 2) as usd_fractional  -- US dollars, split the same way; only deals whose exact amount is known.
from named
group by dataset, origin, origin_country, destination, company_province, company_country, year
