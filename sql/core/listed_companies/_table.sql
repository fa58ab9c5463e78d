-- One row per source and listed company, at its seat. Sources list the same symbols: count the rows that are the first of theirs.
with named as (
    select
        b.dataset,
        b.symbol,
        b.listed_on,
        s.country,
        s.place,
        s.place_key,
        -- An A and an H share of a company may be printed with different classes and legal forms.
        regexp_replace(
            lower(s.company), '([ ,.]+(co|company|corp|corporation|inc|limited|ltd))*[ ,.]*( class [a-z])?$', ''
        ) as name
    from branches as b
    inner join staging.companies as s on s.mention = b.dataset || '/company:' || b.symbol
),

-- A share without a seat is that of the company of its name and country that has one.
seated as (
    select
        dataset,
        symbol,
        listed_on,
        place,
        name,
        case when place is null then max(place_key) over (partition by dataset, country, name) else place_key end as seat
    from named
),

shares as (
    select
        dataset,
        symbol,
        row_number() over (partition by symbol order by dataset) = 1 as is_first_of_symbol,
        row_number() over (
            partition by dataset, seat, name
            order by listed_on nulls last, case when place is null then 1 else 0 end, symbol
        ) = 1 as is_first_of_company
    from seated
)

select
    b.dataset || '/company:' || b.symbol as mention,  -- Source and its own key. #unique #not_null
    b.dataset,  -- Source. #not_null
    b.symbol,  -- Ticker with the suffix of its exchange, as the source writes it. #not_null
    f.is_first_of_symbol,  -- True for one row of each symbol. #not_null
    f.is_first_of_company,  -- True for one row of each company: its A and its H share have the same name and seat. #not_null
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
inner join shares as f on f.dataset = b.dataset and f.symbol = b.symbol
inner join core.names as n on n.mention = s.mention
left join core.places as p on p.place_key = s.place_key
