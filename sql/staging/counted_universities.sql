-- One row per institution that awards bachelor's degrees and list that counts it: the newest edition of the Ministry's, and ROR's.
select
    'moe' as dataset,  -- List. #not_null
    'CN' as country,  -- Country, where known.
    province,  -- Province or state.
    city,  -- City.
    edition as year,  -- Edition of the list; null if it has none.
    university,  -- Name as printed. #not_null
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from core.institutions
where is_newest_edition and is_undergraduate
union all
-- Only where the whole registry is loaded, of more than 100,000 organisations: single releases land too, and are no basis for a
-- count. An organisation with several places counts at its first.
select
    'ror' as dataset,
    coalesce(p.city_country, u.country) as country,
    p.province,
    p.city,
    cast(null as integer) as year,
    u.university,
    u.source_file,
    u.source_row
from staging.universities as u
left join core.places as p on p.place_key = u.place_key
where u.dataset = 'ror' and (select count(*) from landing.ror__organisations) >= 50000
