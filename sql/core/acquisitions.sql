-- One row per acquisition a source lists, with the places of both sides.
with listed as (
    select
        'crunchbase_2013' as dataset, company_key, company, country, metro, region, place, acquirer_key, acquirer, acquirer_country,
        acquirer_metro, acquirer_region, acquirer_place, acquired_at, acquired_year, price, price_currency, source_file, source_row
    from landing.crunchbase_2013__acquisitions
    union all
    select
        'crunchbase_2015' as dataset, company_key, company, country, metro, region, place, acquirer_key, acquirer, acquirer_country,
        acquirer_metro, acquirer_region, acquirer_place, acquired_at, acquired_year, price, price_currency, source_file, source_row
    from landing.crunchbase_2015__acquisitions
),

coded as (
    select
        l.*,
        coalesce(c.country, '') || '|'
        || coalesce(case when l.metro in ('SF Bay', 'SF Bay Area') then 'SF Bay' when c.country in ('US', 'CA') then l.region end, '')
        || '|' || coalesce(l.place, '') as place_key,
        coalesce(a.country, '') || '|'
        || coalesce(
            case
                when l.acquirer_metro in ('SF Bay', 'SF Bay Area') then 'SF Bay'
                when a.country in ('US', 'CA') then l.acquirer_region
            end, ''
        )
        || '|' || coalesce(l.acquirer_place, '') as acquirer_place_key
    from listed as l
    left join core.countries as c on c.written = lower(l.country)
    left join core.countries as a on a.written = lower(l.acquirer_country)
)

select
    l.dataset,  -- Source. #not_null
    n.entity as company,  -- Company bought, where a list of companies names it; else null.
    l.company as company_printed,  -- Name as printed.
    p.city_country as country,  -- Country of the company.
    p.province,  -- Province or state of it.
    p.city,  -- City of it.
    l.acquirer,  -- Buyer as printed.
    b.city_country as acquirer_country,  -- Country of the buyer.
    b.city as acquirer_city,  -- City of the buyer.
    l.acquired_at,  -- Date as printed.
    l.acquired_year,  -- Year; null where the printed one cannot be.
    l.price,  -- Price, units of the currency; null if undisclosed.
    l.price_currency,  -- ISO 4217 code.
    l.price / x.per_usd as price_usd,  -- Price, US dollars at the year's average rate.
    l.source_file,  -- File the row stands in.
    l.source_row  -- Row of that file.
from coded as l
left join core.names as n on n.mention = l.dataset || '/company:' || l.company_key
left join core.places as p on p.place_key = l.place_key
left join core.places as b on b.place_key = l.acquirer_place_key
left join core.exchange_rates as x on x.currency = l.price_currency and x.year = l.acquired_year
