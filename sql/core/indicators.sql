-- One row per indicator: the complete specification of the index.
select
    indicator,  -- Id. #unique #not_null
    pillar,  -- Pillar.
    pillar_name,  -- Name of the pillar.
    measure,  -- Score that the pillar is part of.
    name,  -- Name shown to readers.
    definition,  -- What is counted.
    unit,  -- Unit of the value.
    quantity,  -- Quantity that lists count. #not_null
    per,  -- Quantity that divides it; null if nothing does.
    part_of,  -- Quantity it is a part of, whose unit it has; null if none.
    goalpost,  -- What scores 100: benchmark, the Bay Area in the base year; leader, the measured city that has most.
    weight,  -- Weight within the pillar. #check weight >= 0
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__indicators
