-- One row per ranking of others and indicator that stands for a part of it. What has no indicator here cannot be compared.
select
    ranking,  -- Ranking. #not_null #unique with indicator
    indicator,  -- Indicator that comes closest to a part of it. #in core.indicators.indicator
    weight,  -- Its weight there: as published, else the same for all. #check weight > 0
    per,  -- Quantity that the ranking divides it by; null: none.
    what,  -- What the ranking says it counts. #not_null
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__ranking_contents
