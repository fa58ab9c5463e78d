-- Companies listed today, and companies by the year founded, at their seat.
-- Without the files of NASDAQ's Global Select Market (NMS) and the New York Stock Exchange (NYQ), most companies of the United
-- States are missing. The list is then that of Shanghai, Shenzhen and Hong Kong, for companies with a seat there.
with files as (
    select count(distinct exchange) = 2 as is_whole from core.listed_companies where exchange in ('NMS', 'NYQ')
),

counted as (
    select
        case when f.is_whole then 'listed' else 'listed in China' end as listed,
        case when f.is_whole then 'companies founded' else 'companies founded, listed in China' end as founded,
        case when not l.is_address_doubtful then l.country end as country,
        case when not l.is_address_doubtful then l.province end as province,
        case when not l.is_address_doubtful then l.city end as city,
        l.founded_year,
        l.is_delisted
    from core.listed_companies as l
    cross join files as f
    where
        f.is_whole
        or (l.exchange in ('SHH', 'SHZ', 'HKG') and (l.country in ('CN', 'HK', 'MO') or l.is_address_doubtful))
)

select
    'exits' as quantity,
    'financedatabase: ' || listed as list,
    'financedatabase' as dataset,
    country,
    province,
    city,
    cast(null as integer) as year,
    1.0 as n
from counted
where not is_delisted
union all
select
    'founders' as quantity,
    'financedatabase: ' || founded as list,
    'financedatabase' as dataset,
    country,
    province,
    city,
    founded_year as year,
    1.0 as n
from counted
where founded_year is not null
