-- One row per list of deals that evidence is taken from: the register, and of the worldwide lists loaded the longest.
-- Two worldwide lists hold the same rounds under names of their own, so they are not added up; lists of one country are
-- left out, since they would favour it.
with counted as (
    select dataset, count(distinct deal) as n_deals
    from core.deal_investors
    where dataset in ('crunchbase_2015', 'crunchbase_investments')
    group by dataset
),

ranked as (
    select dataset, n_deals, row_number() over (order by n_deals desc, dataset) as turn
    from counted
)

select
    'register' as dataset,  -- Source. #unique #not_null
    count(distinct deal) as n_deals  -- Deals of it with an investor named.
from core.deal_investors
where dataset = 'register'
union all
select dataset, n_deals
from ranked
where turn = 1
