-- One row per preset and city that it merges into another; under the preset city every municipality is one of its own.
select
    preset,  -- metro: planned metropolitan areas that take in the whole municipality; gba: the Greater Bay Area. #not_null
    city,  -- City. #not_null
    merged_into,  -- Area it counts for: the name of its core city, or one of its own. #not_null
    basis,  -- verified: read in the source or a report of it; cited: the source is named but was not read.
    source,  -- Who draws the boundary so. #not_null
    url,  -- Where it was read.
    why,  -- What the source says of the city.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from landing.reference__boundaries
