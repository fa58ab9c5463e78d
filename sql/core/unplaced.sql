-- One row per source and place that could not be resolved to a city, with the level that was reached and the reason.
select
    r.dataset,  -- Source. #not_null #unique with place_key
    r.place_key,  -- Country, region and place as written, joined by |; a blank part is not stated. #not_null
    r.country,  -- Country, ISO alpha-2.
    r.region,  -- State or province as written.
    r.place,  -- Place as written.
    p.level,  -- Level reached: province, country or none. #not_null
    p.province,  -- Province or state, where known.
    p.reason,  -- Why no city was found. #not_null
    r.n,  -- Rows of the source that write the place in this way. #check n > 0
    r.source_file,  -- File of the first of them.
    r.source_row  -- Row of that file.
from staging.place_rows as r
inner join core.places as p on p.place_key = r.place_key
where p.level <> 'city'
