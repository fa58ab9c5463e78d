-- One row per city, year and indicator with everything needed to read the number.
select
    v.city,  -- City. #not_null
    v.year,  -- Year. #not_null
    i.pillar,  -- Pillar.
    i.pillar_name,  -- Name of the pillar.
    v.indicator,  -- Indicator. #not_null #in core.indicators.indicator
    i.name,  -- Name shown to readers.
    i.definition,  -- What is counted.
    i.unit,  -- Unit of the value.
    v.value,  -- Value: counts and rates divided by the share held, shares and rates shrunk; null: too little data.
    v.numerator,  -- Sum of the evidence in the window, as the register holds it.
    v.denominator,  -- Sum of what divides it; null for counts.
    v.normalised,  -- Score between the goalposts, 0–100.
    i.weight,  -- Weight within the pillar.
    v.status,  -- measured or too little data.
    v.coverage  -- Share of all indicators the city has a value for in that year.
from marts.indicator_values as v
inner join core.indicators as i on i.indicator = v.indicator
