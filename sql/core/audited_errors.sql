-- One row per source and quantity whose rows were compared with where they are from, or with a complete list.
select
    dataset,  -- Source. #not_null #unique with quantity
    quantity,  -- Quantity that the rows count. #not_null
    wrong,  -- Share of its rows that are wrong; null if that was not looked at. #check wrong between 0 and 1
    noise,  -- How unevenly it looks at cities: standard deviation of the logarithm of the part it holds, beyond chance; null if unknown. #check noise >= 0
    note,  -- How it was found.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__audited_errors
