-- One row per city, year and indicator: the value with its interval, its score, and how well it is known.
select
    v.city,  -- City. #not_null #unique with year, indicator
    v.year,  -- Year. #not_null
    i.pillar,  -- Pillar.
    i.pillar_name,  -- Name of the pillar.
    i.measure,  -- Score that the pillar is part of: Readiness or Realised.
    v.indicator,  -- Indicator. #not_null #in core.indicators.indicator
    i.name,  -- Name shown to readers.
    i.definition,  -- What is counted.
    g.unit,  -- Unit of the value.
    g.yardstick,  -- Fullest list: the value is as it counts.
    v.value,  -- How much the city has.
    v.value_low,  -- Lower end of its 90% interval.
    v.value_high,  -- Upper end of that interval.
    v.score,  -- Score: 100 is the goalpost (index.goalposts), ten points less is half as much.
    v.score_low,  -- Lower end of its 90% interval; the goalpost is drawn along.
    v.score_high,  -- Upper end of that interval.
    i.weight,  -- Weight within the pillar.
    v.n_lists,  -- Lists that look at the city and count it.
    v.n_rows,  -- What they count there in the years measured, 2000 to 2024, summed over the lists; rows may count for a fraction.
    v.known,  -- Share of how much cities differ, by the model, that is settled for this one.
    v.rows_to_halve,  -- Further rows of a complete list that would halve the interval; null but in the headline year.
    case when v.n_lists > 0 then 'counted' else 'inferred' end as status  -- counted; inferred: no list looks, so the value follows from what the city has otherwise and from its population.
from marts.indicator_values as v
inner join core.indicators as i on i.indicator = v.indicator
inner join index.goalposts as g on g.indicator = v.indicator
