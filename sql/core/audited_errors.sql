-- One row per source and quantity of which a sample was read at a source: how many of its rows are wrong.
select
    dataset,  -- Source. #not_null #unique with quantity
    quantity,  -- Quantity that the rows count. #not_null
    wrong,  -- Share of its rows that are wrong. #check wrong between 0 and 1
    note,  -- How it was found.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__audited_errors
