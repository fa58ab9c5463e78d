-- One row per source and listed share, at the seat of the company. Count companies by is_first_of_company within one source, or as
-- distinct values of company: sources list the same companies.
select
    b.dataset || '/company:' || b.symbol as mention,  -- Source and its own key. #unique #not_null
    b.dataset,  -- Source. #not_null
    b.symbol,  -- Ticker with the suffix of its exchange, as the source writes it. #not_null
    row_number() over (partition by b.symbol order by b.dataset) = 1 as is_first_of_symbol,  -- True for one row of each symbol. #not_null
    row_number() over (
        partition by b.dataset, s.company_key
        order by b.listed_on nulls last, case when s.place is null then 1 else 0 end, b.symbol
    ) = 1 as is_first_of_company,  -- True for one row of each company of a source, whatever its shares, notes and warrants. #not_null
    n.entity as company,  -- Company. #not_null
    s.company as company_printed,  -- Name as printed.
    coalesce(p.city_country, s.country) as country,  -- Country of the seat.
    p.province,  -- Province or state of the seat, where known.
    p.city,  -- City of the seat; null if it is not given or not found.
    s.place,  -- City as printed.
    b.is_address_doubtful,  -- The seat contradicts the exchange.
    b.exchange,  -- Code of the exchange, as the source writes it.
    b.board,  -- Board of the exchange, where printed.
    b.listed_on,  -- First day of trading, where printed.
    cast(substr(b.listed_on, 1, 4) as integer) as listed_year,  -- Year of that day.
    b.owner_type,  -- Kind of the controlling owner, where printed.
    b.sector,  -- GICS sector.
    b.industry_group,  -- GICS industry group.
    b.industry,  -- Industry: GICS, or the source's own classification in Chinese.
    b.is_delisted,  -- No longer listed.
    b.founded_year,  -- Year founded, where known.
    b.source_file,  -- File that holds the row.
    b.source_row  -- Row of that file.
from branches as b
inner join staging.companies as s on s.mention = b.dataset || '/company:' || b.symbol
inner join core.names as n on n.mention = s.mention
left join core.places as p on p.place_key = s.place_key
