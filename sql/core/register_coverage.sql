-- One row per city and measure: what share of independently recorded companies and deals the register holds.
select
    city,  -- City, or province where the recording knows no more. #not_null
    measure,  -- Companies or deals. #not_null
    recorded,  -- Rows in the recordings.
    held,  -- Of these, rows the register holds too. #check held <= recorded
    held * 1.0 / nullif(recorded, 0) as share,  -- Share held.
    recordings,  -- Which recordings.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from landing.reference__register_coverage
