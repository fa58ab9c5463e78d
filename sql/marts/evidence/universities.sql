-- Institutions that award bachelor's degrees, in the newest edition of each list; which year each began is not on it.
select
    'universities' as indicator,
    dataset as list,
    dataset,
    city,
    university as label,
    1.0 as value,
    dataset as source,
    source_file,
    source_row
from staging.counted_universities
where city is not null
