-- One row per city and measure: how many independently recorded companies and deals the register contains.
select
    city,  -- City; or province, if the recording gives no more. #not_null #unique with measure
    measure,  -- Companies or deals. #not_null
    recorded,  -- Rows in the recordings.
    detected,  -- Of these, rows that the register also contains. #check detected <= recorded
    detected * 1.0 / nullif(recorded, 0) as detection_rate,  -- Share of the recorded rows that it contains.
    recordings,  -- Which recordings.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__register_coverage
