-- One row per deal as a source reports it, in numbers.
select
    d.report_number,  -- Number of the report in this build. #unique #not_null
    d.dataset_number,  -- Number of the source in this build. #not_null
    d.year,  -- Year announced. #not_null
    d.date_low,  -- First day on which it may have been announced.
    d.date_high,  -- Last day on which it may have been announced.
    d.round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none. #not_null
    n.entity_number as company_number,  -- Number of the company financed; null if its name leads to no company.
    p.area_number,  -- Number of the area of the place printed, where known.
    d.amount_low / x.per_usd as usd_low,  -- Lowest possible amount, US dollars at the rate of core.exchange_rates; null if unknown, or without a rate.
    d.amount_high / x.per_usd as usd_high  -- Highest possible amount; null if open.
from staging.numbered_deals as d
left join staging.name_numbers as n on n.kind = 'company' and n.mention = d.company_mention
left join staging.place_units as p on p.place_key = d.place_key
left join core.exchange_rates as x on x.currency = d.currency and x.year = d.year
