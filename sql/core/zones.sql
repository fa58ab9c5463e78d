-- One row per national high-tech industrial development zone.
select
    z.zone,  -- English name. #unique #not_null
    z.zone_zh,  -- Chinese name.
    p.city,  -- City. #not_null #in core.cities.city
    z.approved_year,  -- Year of approval as a national zone. #not_null
    z.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    z.source,  -- Where the fact was published.
    z.url,  -- Address of the page, where known.
    z.source_file,  -- File that holds the row.
    z.source_row  -- Row of that file.
from landing.register__zones as z
inner join core.places as p on p.place_key = 'CN||' || z.city
