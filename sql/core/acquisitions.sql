-- One row per acquisition a source lists, with the places of both sides. Those of the register's companies are in core.exits.
-- Keep one dataset when counting: a later list repeats an earlier one.
select
    l.dataset,  -- Source. #not_null
    n.entity as company,  -- Company bought; null unless a list of companies names it.
    l.company as company_printed,  -- Name as printed.
    p.city_country as country,  -- Country of the company.
    p.province,  -- Province or state of the company.
    p.city,  -- City of the company. #in core.cities.city
    l.acquirer,  -- Buyer as printed.
    b.city_country as acquirer_country,  -- Country of the buyer.
    b.city as acquirer_city,  -- City of the buyer. #in core.cities.city
    l.acquired_at,  -- Date as printed.
    l.acquired_year,  -- Year; null if the printed one is impossible.
    l.price,  -- Price in units of the currency; null if undisclosed.
    l.price_currency,  -- ISO 4217 code.
    l.price / nullif(x.per_usd, 0) as price_usd,  -- Price in US dollars at the year's average rate.
    l.source_file,  -- File that holds the row.
    l.source_row  -- Row of that file.
from staging.acquisitions as l
left join core.names as n on n.mention = l.company_mention
left join core.places as p on p.place_key = l.place_key
left join core.places as b on b.place_key = l.acquirer_place_key
left join core.exchange_rates as x on x.currency = l.price_currency and x.year = l.acquired_year
