-- One row per fixed period that other years are compared with.
select
    period,  -- Name of the period. #unique #not_null
    first_year,  -- First year. #not_null
    last_year  -- Last year. #not_null
from landing.reference__periods
where first_year is not null
