-- One row per folder of data/inbox and city of its place: where its lists look. #view
select distinct
    f.dataset,  -- The list. #not_null
    c.city  -- City. #not_null
from staging.inbox_files as f
inner join core.places as p on p.place_key = f.place_key
inner join core.cities as c on c.city = p.city or (p.level = 'province' and c.country = p.city_country and c.province = p.province)
