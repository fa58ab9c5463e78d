-- One row per preset and city that it merges into another area. Under the preset city, every municipality stands alone.
select
    preset,  -- metro: planned metropolitan areas that take in the whole municipality; gba: the Greater Bay Area. #not_null #unique with city
    city,  -- City. #not_null
    merged_into,  -- Area that it counts for: its core city, or a name of its own. #not_null
    basis,  -- verified: read in the source or a report of it; cited: the source is named but was not read.
    source,  -- Who draws the boundary in this way. #not_null
    url,  -- Where it was read.
    why,  -- What the source says about the city.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__boundaries
