-- One row per source of deals that the evidence is taken from: the register, and the longest of the worldwide sources loaded.
-- Worldwide sources hold the same rounds under different names, so they are not added up. A source of one country is left
-- out, because it would favour that country.
with counted as (
    select i.dataset, s.is_curated, count(distinct i.deal) as n_deals
    from core.deal_investors as i
    inner join core.source_profiles as s on s.source = i.dataset
    where s.is_curated or s.is_worldwide
    group by i.dataset, s.is_curated
),

ranked as (
    select *, row_number() over (partition by is_curated order by n_deals desc, dataset) as turn
    from counted
)

select
    dataset,  -- Source. #unique #not_null
    n_deals  -- Its deals with at least one named investor.
from ranked
where turn = 1
