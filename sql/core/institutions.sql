-- One row per institution of higher education and edition of the Ministry of Education's list. Count those of one edition.
select
    l.edition,  -- Year of the list. #not_null #unique with code
    l.edition = max(l.edition) over () as is_newest_edition,  -- No later edition is loaded. #not_null
    l.code,  -- The Ministry's code. #not_null
    l.university,  -- Chinese name. #not_null
    p.province,  -- Province. #not_null
    p.city,  -- City, prefecture level; null if the list names a place that does not exist.
    l.place,  -- Place as printed.
    l.level = '本科' as is_undergraduate,  -- Awards bachelor's degrees.
    l.note,  -- Note such as private (民办) or with foreign partners; null if public.
    l.authority,  -- Ministry or government in charge.
    l.source_file,  -- File that holds the row.
    l.source_row  -- Row of that file.
from landing.moe__institutions as l
left join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
