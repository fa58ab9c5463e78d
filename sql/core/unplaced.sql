-- One row per source and place it writes that leads to no city: how far it leads, and why no further.
select
    r.dataset,  -- Source. #not_null
    r.place_key,  -- Country, region and place as written, joined by |; blank parts are not stated. #not_null
    r.country,  -- Country as given, ISO alpha-2.
    r.region,  -- State or province as given.
    r.place,  -- Place as given.
    p.level,  -- How far it leads: province, country or none. #not_null
    p.province,  -- Province or state it lies in, where known.
    p.reason,  -- Why it leads to no city. #not_null
    r.n,  -- Rows of the source that write it so. #check n > 0
    r.source_file,  -- File of the first of them.
    r.source_row  -- Row of that file.
from staging.place_rows as r
inner join core.places as p on p.place_key = r.place_key
where p.level <> 'city'
