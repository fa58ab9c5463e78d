-- One row per listed company, at its seat.
select
    l.symbol,  -- Ticker with the suffix of its exchange. #unique #not_null
    n.entity as company,  -- Company. #not_null
    l.company as company_printed,  -- Name as printed.
    coalesce(p.city_country, c.country) as country,  -- Country of the seat.
    p.province,  -- Province or state of the seat, where known.
    p.city,  -- City of the seat; null if it is not given or not found.
    l.place,  -- City as printed.
    l.is_address_doubtful,  -- The seat contradicts the exchange.
    l.exchange,  -- Code of the exchange.
    l.sector,  -- GICS sector.
    l.industry_group,  -- GICS industry group.
    l.industry,  -- GICS industry.
    l.is_delisted,  -- No longer listed.
    l.founded_year,  -- Year founded, where known.
    l.source_file,  -- File that holds the row.
    l.source_row  -- Row of that file.
from landing.financedatabase__equities as l
inner join core.names as n on n.mention = 'financedatabase/company:' || l.symbol
left join core.countries as c on c.written = lower(l.country)
left join core.places as p on p.place_key = coalesce(c.country, '') || '|' || coalesce(l.region, '') || '|' || coalesce(l.place, '')
