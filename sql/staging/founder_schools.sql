-- One row per founder, company and school attended.
with split as (
    select
        founding,
        source_file,
        source_row,
        unnest(string_split_regex(schools, '[|]')) as school
    from staging.founders
    where schools is not null
)

select distinct
    founding,  -- Founder and company.
    trim(string_split_regex(school, ':')[1]) as university,  -- University as published.
    cast(nullif(string_split_regex(school, ':')[2], '') as integer) as entry_year,  -- Year of entry.
    cast(nullif(string_split_regex(school, ':')[3], '') as integer) as graduation_year,  -- Year of graduation.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from split
