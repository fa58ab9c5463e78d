-- One row per source, investor and place printed beside its deals, with the number of rows that print it. Few rows stand for many,
-- which the places and the homes of investors are then counted from.
select
    dataset,  -- Source. #not_null
    investor_mention as mention,  -- The investor as the source lists it. #not_null
    country,  -- ISO 3166 alpha-2 code.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
        as place_key,  -- Country, region and place joined by |. #not_null
    source_file,  -- File that prints it. #not_null
    min(source_row) as source_row,  -- First row of that file. #not_null
    count(*) as n  -- Rows that print it. #not_null
from staging.deal_investors
where country is not null or region is not null or place is not null
group by dataset, investor_mention, country, region, place, source_file
