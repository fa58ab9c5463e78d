-- One row per currency and year: units of the currency for one US dollar, average of the year. The dollar has every year with a
-- deal, also those whose rates are not published yet.
select
    currency,  -- ISO 4217 code. #not_null #unique with year
    year,  -- Year. #not_null
    per_usd,  -- Units of the currency for one US dollar. #check per_usd > 0
    basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    source,  -- Where the rate was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__exchange_rates
union all
select
    'USD' as currency,
    y.year,
    1.0 as per_usd,
    'verified' as basis,
    'By definition' as source,
    null as url,
    'sql/core/exchange_rates.sql' as source_file,
    1 as source_row
from (select year from landing.reference__exchange_rates union select year from staging.deals) as y
