-- Institutions that award bachelor's degrees, in the newest edition of the Ministry's list; which year each began is not on it.
select
    'universities' as indicator,
    'moe' as dataset,
    i.city,
    cast(null as integer) as year,
    cast(null as integer) as year_to,
    cast(null as varchar) as company,
    i.university as label,
    1.0 as value,
    'moe' as source,
    cast(null as varchar) as url,
    i.source_file,
    i.source_row
from core.institutions as i
where i.is_newest_edition and i.is_undergraduate and i.city is not null
