-- The forecasts of this release, and of those before it that said something else.
select
    r.made_at,
    h.scope as country,
    f.forecast,
    f.measure,
    f.what,
    f.city,
    f.made_in,
    f.year,
    f.now,
    f.value,
    f.low,
    f.high
from published.index.forecasts as f
cross join published.core.release as r
cross join published.index.headline as h
anti join earlier_forecasts as e on e.forecast = f.forecast
union all
from earlier_forecasts
