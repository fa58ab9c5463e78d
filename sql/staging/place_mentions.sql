-- One row per place as sources write it: country, region and place together.
with numbered as (
    select
        *,
        row_number() over (
            partition by place_key order by case when dataset = 'register' then 0 else 1 end, source_file
        ) as turn,
        sum(n) over (partition by place_key) as n_rows
    from staging.place_rows
)

select
    place_key,  -- Country, region and place, joined by |. #unique #not_null
    country,  -- Country, ISO alpha-2.
    region,  -- State or province as written.
    place,  -- Place as written.
    dataset as source,  -- Source of the first row that writes the place in this way.
    dataset = 'register' as is_strict,  -- A curated row writes it in this way, so it must resolve.
    cast(n_rows as bigint) as n,  -- Rows that write the place in this way.
    source_file,  -- File of the first row.
    source_row,  -- Row of that file.
    "column"  -- Column of that file.
from numbered
where turn = 1
