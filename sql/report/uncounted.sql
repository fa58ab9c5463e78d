-- How many of the indicators of Readiness no list counts in a city, so that they are inferred there, in the headline year: also as
-- text (null where lists count all), and whether they are half or more.
select
    v.city, sum((v.n_lists = 0)::integer)::integer as n_uncounted, count(*)::integer as n_indicators,
    case when n_uncounted > 0 then n_uncounted || '/' || n_indicators end as inferred,
    2 * n_uncounted >= n_indicators as is_inferred
from marts.indicator_values as v
inner join index.headline as h on h.year = v.year
inner join core.indicators as i on i.indicator = v.indicator and i.measure = 'Readiness'
group by v.city
