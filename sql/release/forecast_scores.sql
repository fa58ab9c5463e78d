-- Every forecast of an earlier period against what this release says of the year, if the release measures it; nothing is scored
-- before it is due.
with headline as (
    select period_begins, measured_to, scope from published.index.headline
),

outcomes as (
    select measure, city, year, cast(rank as double) as outcome from published.index.scores where rank is not null
    union all
    select indicator as measure, city, year, share as outcome from published.index.shares
),

compared as (
    select f.*, f.made_in < h.period_begins and f.year <= h.measured_to as is_due, o.outcome
    from published.core.forecast_history as f
    inner join headline as h on h.scope = f.country
    left join outcomes as o on o.measure = f.measure and o.city = f.city and o.year = f.year
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
