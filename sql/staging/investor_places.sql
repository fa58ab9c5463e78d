-- One row per source, investor and place of its people or offices, with the number of rows or people that give it.
with stated as (
    select dataset, mention, country, region, place, place_key, n, source_file, source_row
    from staging.listed_investors
    where place_key is not null
    union all
    select dataset, mention, country, region, place, place_key, n, source_file, source_row
    from staging.deal_investor_places
)

select
    dataset,  -- Source. #not_null
    mention,  -- The investor as the source lists it. #not_null
    country,  -- ISO 3166 alpha-2 code.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    place_key,  -- Country, region and place joined by |. #not_null
    cast(sum(n) as bigint) as n,  -- Rows or people that give the place.
    min(source_file) as source_file,  -- A file that gives it. #not_null
    min(source_row) as source_row  -- A row of that file. #not_null
from stated
group by dataset, mention, country, region, place, place_key
