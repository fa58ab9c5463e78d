-- One row per source, kind of record and month: how much the database grew. What widens its coverage lowers every leader's share.
select
    'crunchbase_2015' as dataset,  -- Source. #not_null
    content,  -- Kind of record as the source names it; kinds overlap, "Rounds" holds "Rounds: seed". #not_null
    month,  -- Month, YYYY-MM. #not_null
    year,  -- Its year. #not_null
    n,  -- Records. #check n > 0
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from landing.crunchbase_2015__additions
