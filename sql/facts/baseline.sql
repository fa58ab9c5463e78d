-- The essay's years.
select first_year, last_year from core.periods where period = 'baseline'
