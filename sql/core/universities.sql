-- One row per university: China's Double First-Class list and leading technical universities elsewhere.
select
    u.university,  -- English name. #unique #not_null
    u.university_zh,  -- Chinese name.
    u.country,  -- Country.
    p.city,  -- City of the main campus. #not_null #in core.cities.city
    u.founded,  -- Year founded.
    u.is_985 = '1' as is_985,  -- In China's Project 985.
    u.is_211 = '1' as is_211,  -- In China's Project 211.
    u.is_dfc = '1' as is_dfc,  -- In China's Double First-Class list of 2022.
    u.is_leading_technical = '1' as is_leading_technical,  -- Leading technical university of the world, by the curators' judgement.
    u.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    u.source,  -- Where the fact was published.
    u.url,  -- Address of the page, where known.
    u.source_file,  -- File that holds the row.
    u.source_row  -- Row of that file.
from landing.register__universities as u
inner join core.places as p on p.place_key = u.country || '||' || u.city
