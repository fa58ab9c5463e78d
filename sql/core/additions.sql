-- One row per source, kind of record and month: records added to the database. Wider coverage lowers every leader's share.
select
    'crunchbase_2015' as dataset,  -- Source. #not_null
    content,  -- Kind of record in the source's words. Kinds overlap: "Rounds" includes "Rounds: seed". #not_null #unique with month
    month,  -- Month, YYYY-MM. #not_null
    year,  -- Its year. #not_null
    n,  -- Records. #check n > 0
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.crunchbase_2015__additions
