-- One row per source, investor and place of its people or offices, with the number of rows or people that give it.
with stated as (
    select dataset, mention, country, region, place, place_key, n, source_file, source_row
    from staging.listed_investors
    where place_key is not null
    union all
    select dataset, mention, country, region, place, place_key, n, source_file, source_row
    from staging.deal_investor_places
),

numbered as (
    select
        *,
        row_number() over (partition by dataset, mention, place_key order by source_file, source_row) as turn,
        sum(n) over (partition by dataset, mention, place_key) as n_rows
    from stated
)

select
    dataset,  -- Source. #not_null
    mention,  -- The investor as the source lists it. #not_null
    country,  -- ISO 3166 alpha-2 code.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    place_key,  -- Country, region and place joined by |. #not_null
    cast(n_rows as bigint) as n,  -- Rows or people that give the place.
    source_file,  -- File of the first of them. #not_null
    source_row  -- Row of that file. #not_null
from numbered
where turn = 1
