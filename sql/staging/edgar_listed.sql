-- One row per company with a share on an American exchange, as the SEC lists filers; blank checks, funds and filers without an
-- industry are not among them, nor what is quoted over the counter only. Of two filers with one ticker the newer has it now.
-- A filer abroad often gives a city without its country. It is in China if it names a city or province of China.
with listed as (
    select
        *,
        split_part(tickers, '|', 1) as symbol,
        row_number() over (partition by split_part(tickers, '|', 1) order by cik desc) as turn
    from landing.edgar_listed__filers
    where kind = 'company' and exchange in ('NYSE', 'Nasdaq', 'CBOE')
),

parts as (
    select lower(regexp_replace(city, ' \(.*\)$', '')) as name from landing.reference__prefectures
    union
    select lower(province) as name
    from landing.reference__provinces
    where country = 'CN' and province not in ('Hong Kong', 'Macau', 'Taiwan')
),

chinese as (
    select distinct l.cik
    from listed as l
    inner join parts as p on regexp_matches(lower(l.place), '(^|[^a-z])' || p.name || '($|[^a-z])')
    where l.country is null
)

select
    l.symbol,  -- First of its tickers. #unique #not_null
    l.company,  -- Name as filed. #not_null
    case when c.cik is not null then 'CN' else l.country end as country,  -- Country, where stated, or China if the city says so.
    l.region,  -- State or province, where stated.
    l.place,  -- City as filed.
    l.exchange,  -- Exchange. #not_null
    l.industry,  -- Industry, as the SEC names it.
    l.source_file,  -- File that holds the row. #not_null
    l.source_row  -- Row of that file. #not_null
from listed as l
left join chinese as c on c.cik = l.cik
where l.turn = 1
