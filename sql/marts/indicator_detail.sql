-- One row per city, year and indicator: the value, its parts and its meaning.
with undated as (
    select city, indicator, sum(value) as value
    from marts.evidence
    where not is_dated
    group by city, indicator
)

select
    v.city,  -- City. #not_null
    v.year,  -- Year. #not_null
    i.pillar,  -- Pillar.
    i.pillar_name,  -- Name of the pillar.
    i.measure,  -- Score that the pillar is part of: Readiness or Realised.
    v.indicator,  -- Indicator. #not_null #in core.indicators.indicator
    i.name,  -- Name shown to readers.
    i.definition,  -- What is counted.
    i.unit,  -- Unit of the value.
    v.value,  -- Value: counts and rates divided by the detection rate, shares and rates shrunk; null: too little data.
    v.numerator,  -- Sum of the evidence in the window, as recorded.
    v.denominator,  -- Sum of the denominator's evidence; null for counts.
    v.shrinkage_weight,  -- Weight of the city's own data in the value; the rest is the mean of the cities.
    v.normalised,  -- Score between the goalposts, 0–100.
    i.weight,  -- Weight within the pillar.
    case
        when v.value is null then 'too little data'
        when i.kind = 'count' and v.numerator = 0 then 'none recorded'
        when u.value * 2 >= v.numerator then 'mostly undated'
        when v.shrinkage_weight < 0.5 then 'mostly pooled'
        else 'measured'
    end as status,  -- measured; mostly undated: half or more of it has no year; mostly pooled: a share or rate from so little data that more than half of the value is the mean of the cities; none recorded; too little data.
    v.coverage  -- Share of all indicators the city has a value for in that year.
from marts.indicator_values as v
inner join core.indicators as i on i.indicator = v.indicator
left join undated as u on u.city = v.city and u.indicator = v.indicator
