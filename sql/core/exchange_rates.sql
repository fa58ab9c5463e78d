-- One row per currency and year: units of the currency for one US dollar, average of the year. Years with a deal whose rate is not
-- published yet have the last one.
with recorded as (
    select *, row_number() over (partition by currency order by year desc) = 1 as is_last
    from landing.reference__exchange_rates
),

deal_years as (
    select distinct currency, year from staging.deals
)

select
    currency,  -- ISO 4217 code. #not_null #unique with year
    year,  -- Year. #not_null
    per_usd,  -- Units of the currency for one US dollar. #check per_usd > 0
    basis,  -- verified: the source was read when the row was recorded; cited: it is named but was not read; null: of an earlier year.
    source,  -- Where the rate was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from recorded
union all
select
    r.currency,
    d.year,
    r.per_usd,
    null as basis,
    'Rate of ' || r.year || ': ' || r.source as source,
    r.url,
    r.source_file,
    r.source_row
from recorded as r
inner join deal_years as d on d.currency = r.currency and d.year > r.year
where r.is_last
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
from (select year from recorded union select year from deal_years) as y
