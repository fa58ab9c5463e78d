-- One row per source and place as the source writes it: country, region and place together.
with
-- Places repeat often, so rows are reduced to one per file and place before they are numbered.
grouped as (
    select dataset, country, region, place, "column", source_file, min(source_row) as source_row, sum(n) as n
    from branches
    group by dataset, country, region, place, "column", source_file
),

keyed as (
    select
        g.dataset,
        c.country,
        g.region,
        g.place,
        coalesce(c.country, '') || '|' || coalesce(g.region, '') || '|' || coalesce(g.place, '') as place_key,
        g."column",
        g.source_file,
        g.source_row,
        g.n
    from grouped as g
    left join core.countries as c on c.written = lower(g.country)
),

numbered as (
    select
        *,
        row_number() over (partition by dataset, place_key order by source_file, source_row, "column") as turn,
        sum(n) over (partition by dataset, place_key) as n_rows
    from keyed
)

select
    dataset,  -- Source. #not_null
    place_key,  -- Country, region and place joined by |. #not_null
    country,  -- Country, ISO alpha-2.
    region,  -- State or province as written.
    place,  -- Place as written.
    cast(n_rows as bigint) as n,  -- Rows of the source that write the place in this way.
    source_file,  -- File of the first of them.
    source_row,  -- Row of that file.
    "column"  -- Column of that file.
from numbered
where turn = 1
