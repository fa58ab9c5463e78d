-- Founders in the year of the programme, at the present place of their company.
select
    'founders' as quantity,
    'yc_founders_schools' as list,
    'yc_founders_schools' as dataset,
    coalesce(p.city_country, s.country) as country,
    p.province,
    p.city,
    c.batch_year as year,
    1.0 as n
from landing.yc_founders_schools__founders as f
inner join landing.yc_founders_schools__companies as c on c.slug = f.slug
inner join staging.companies as s on s.mention = 'yc_founders_schools/company:' || cast(c.yc_id as varchar)
left join core.places as p on p.place_key = s.place_key
