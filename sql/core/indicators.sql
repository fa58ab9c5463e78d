-- One row per indicator: the complete specification of the index.
select
    indicator,  -- Id. #unique #not_null
    pillar,  -- Pillar.
    pillar_name,  -- Name of the pillar.
    measure,  -- Score that the pillar is part of: Readiness or Realised.
    name,  -- Name shown to readers.
    definition,  -- What is counted.
    unit,  -- Unit of the value.
    cast(direction as integer) as direction,  -- 1 if more is better, -1 if less is better.
    kind,  -- count, share, rate, ratio or level.
    denominator,  -- What divides it.
    alternative,  -- Evidence that measures it by another rule, as defensible; draws take either.
    "window",  -- Years counted back from the year shown; 1 for a stock.
    denominator_window,  -- The same for the denominator; null without one.
    transform,  -- Applied before normalising.
    weight,  -- Weight within the pillar. #check weight >= 0
    min_n,  -- Smallest denominator for a value.
    floor,  -- Lower goalpost, before the transform.
    ceiling,  -- Upper goalpost where it is fixed; else the benchmark's value in the base year.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__indicators
