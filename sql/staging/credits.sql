-- One row per source, place, country and area of the companies, and year: what each attribution rule credits, in numbers. Marts
-- read these few rows, not every deal. The order of summation changes the last digits of a sum, of billions the fifth after the
-- point. So sums of shares are rounded, and amounts are summed as decimals, which is exact.
select
    dataset_number,  -- For whom they count, as in staging.counted_datasets. #not_null
    year,  -- Year announced. #not_null #part
    unit_number,  -- Unit the deals are credited to. #not_null
    unit_area,  -- Area of an office or home there, whose country it is. #not_null
    country,  -- Country of the companies.
    area_number,  -- Area of their city or province, where known.
    count(*) as office_rule,  -- Deals with an investor whose home or office is here.
    count(case when n_located < n_investors then 1 end) as office_unlocated,  -- Of these, deals with an unlocated investor.
    count(case when any_rule = 1 then 1 end) as any_rule,  -- Deals with an investor whose home is here.
    count(case when n_located < n_investors and any_rule = 1 then 1 end) as any_unlocated,  -- Of these, deals with an unlocated investor.
    round(sum(lead_rule), 12) as lead_rule,  -- Deals by the lead rule.
    round(sum(lead_low), 12) as lead_low,  -- Its lower bound.
    round(sum(fractional_rule), 12) as fractional_rule,  -- Deals, each split evenly over its located investors.
    round(sum(fractional_low), 12) as fractional_low,  -- Its lower bound.
    cast(sum(case when any_rule = 1 then cast(amount_rule_usd as decimal(18, 5)) end) as double)
        as amount_rule_usd  -- US dollars, split the same way; null if of no deal the exact amount is known.
from staging.attributions
group by dataset_number, year, unit_number, unit_area, country, area_number
