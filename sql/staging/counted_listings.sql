-- One row per listed company and what a list of them counts it for: an exit by the year of listing, or today; or a company founded.
-- Without the files of NASDAQ's Global Select Market (NMS) and the New York Stock Exchange (NYQ), most companies of the United
-- States are missing from FinanceDatabase. Its list is then that of Shanghai, Shenzhen and Hong Kong, of companies with a seat there.
-- Where a list gives no city, or a doubtful one, the company is where the register has it now.
with files as (
    select count(distinct exchange) = 2 as is_whole from core.listed_companies where exchange in ('NMS', 'NYQ')
),

placed as (
    select
        l.dataset,
        case when l.dataset = 'financedatabase' and not f.is_whole then ' in China' else '' end
        || coalesce(' on ' || l.board, '') as part,
        case when r.company is not null then r.country when not l.is_address_doubtful then l.country end as country,
        case when r.company is not null then r.province when not l.is_address_doubtful then l.province end as province,
        case when r.company is not null then r.city when not l.is_address_doubtful then l.city end as city,
        l.company,
        l.symbol,
        l.founded_year,
        l.listed_year,
        max(l.listed_year) over (partition by l.dataset) as last_year,
        max(coalesce(l.listed_year, l.founded_year)) over (partition by l.dataset) as newest,
        l.is_delisted,
        l.source_file,
        l.source_row
    from core.listed_companies as l
    cross join files as f
    left join core.companies as r
        on
            r.company = l.company
            and r.is_in_register
            and r.city is not null
            and (l.city is null or l.is_address_doubtful)
    where
        l.is_first_of_company
        and (
            l.dataset <> 'financedatabase'
            or f.is_whole
            or (l.exchange in ('SHH', 'SHZ', 'HKG') and (l.country in ('CN', 'HK', 'MO') or l.is_address_doubtful))
        )
)

select
    'exits' as quantity,  -- exits or founders. #not_null
    dataset || ': listed' || part as list,  -- List. #not_null
    dataset,  -- Source. #not_null
    country,  -- Country of the seat; null where the address is doubtful and the register lacks the company.
    province,  -- Province or state.
    city,  -- City.
    listed_year as year,  -- Year of listing, or founding; null where the list has no dates.
    company,  -- Company. #not_null
    symbol,  -- Ticker. #not_null
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from placed
where (last_year is null and not is_delisted) or listed_year is not null
union all
select
    'founders' as quantity,
    dataset || ': companies founded, listed' || part as list,
    dataset,
    country,
    province,
    city,
    founded_year as year,
    company,
    symbol,
    source_file,
    source_row
from placed
-- A company of the register in China lists ten years after it is founded (the median of 883): most of those founded later have yet to.
where founded_year <= newest - 10
