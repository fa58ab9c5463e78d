-- One row per file with deals or their investors. A report of a deal has the number that precedes its file, plus its row.
with read as (
    select dataset, source_file, max(source_row) as n_rows
    from staging.deals
    group by dataset, source_file
    union all
    select distinct dataset, source_file, 0 as n_rows from staging.deal_investors
),

files as (
    select dataset, source_file, max(n_rows) as n_rows
    from read
    group by dataset, source_file
)

select
    f.dataset,  -- Source. #not_null
    d.dataset_number,  -- Number of the source in this build. #not_null
    f.source_file,  -- File. #not_null #unique with dataset
    cast(row_number() over (order by f.dataset, f.source_file) as integer) as file_number,  -- Number of the file in this build. #unique #not_null
    cast(sum(f.n_rows) over (order by f.dataset, f.source_file) - f.n_rows as integer)
        as number_before  -- Last number of a report in the files before. #not_null
from files as f
inner join staging.datasets as d on d.dataset = f.dataset
