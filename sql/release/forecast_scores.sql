-- Every forecast of an earlier headline year against what this release says of the year; nothing is scored before it is due.
with headline as (
    select year, scope from published.index.headline
),

shares as (
    select v.indicator as measure, v.city, v.year, v.value / sum(v.value) over (partition by v.indicator, v.year) as outcome
    from published.marts.indicator_values as v
    inner join published.core.cities as c on c.city = v.city
    inner join headline as h on h.scope in ('world', c.country)
),

outcomes as (
    select measure, city, year, cast(rank as double) as outcome from published.index.scores where rank is not null
    union all
    select measure, city, year, outcome from shares
),

compared as (
    select f.*, h.year >= f.year and f.made_in < h.year as is_due, o.outcome
    from published.core.forecast_history as f
    inner join headline as h on h.scope = f.country
    left join outcomes as o on o.measure = f.measure and o.city = f.city and o.year = f.year and h.year >= f.year
)

select
    forecast,
    made_at,
    made_in,
    measure,
    what,
    year,
    is_due,
    count(*) as n_cities,
    avg(abs(value - outcome)) filter (where is_due) as error,
    avg(abs(now - outcome)) filter (where is_due) as error_persistence,
    avg(case when outcome between low and high then 1.0 when outcome is not null then 0.0 end) filter (where is_due) as covered,
    avg(high - low + 20 * greatest(low - outcome, outcome - high, 0)) filter (where is_due and outcome is not null)
        as interval_score
from compared
group by forecast, made_at, made_in, measure, what, year, is_due
