-- How many of the indicators of Readiness no list counts in a city, so that they are inferred there, in the headline year: also as
-- text (null where lists count all), by their weight in the score, and whether they are half or more.
with weighed as (
    select v.city, v.n_lists, p.weight * i.weight / sum(i.weight) over (partition by v.city, i.pillar) as weight
    from marts.indicator_values as v
    inner join index.headline as h on h.year = v.year
    inner join core.indicators as i on i.indicator = v.indicator
    inner join index.pillars as p on p.pillar = i.pillar and p.measure = 'Readiness'
)

select
    city, sum((n_lists = 0)::integer)::integer as n_uncounted, count(*)::integer as n_indicators,
    case when n_uncounted > 0 then n_uncounted || '/' || n_indicators end as inferred,
    sum((n_lists = 0)::integer * weight) / sum(weight) as inferred_weight,
    2 * n_uncounted >= n_indicators as is_inferred
from weighed
group by city
