-- Deals credited in equal parts to the homes of their investors. A deal none of whose investors has a known home has no place.
with credits as (
    select
        *,
        count(*) over (partition by dataset, deal) as n_investors,
        sum(case when is_located then 1 else 0 end) over (partition by dataset, deal) as n_located
    from core.deal_investors_by_source
    where dataset <> 'all'
)

select
    'deals_originated' as quantity,
    dataset as list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 / case when n_located > 0 then n_located else n_investors end as n
from credits
where is_located or n_located = 0
