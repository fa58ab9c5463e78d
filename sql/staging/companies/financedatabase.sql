-- Where two provinces have a city, district or county of one name, the province with which a company's own name begins says which
-- is meant.
with parts as (
    select province, regexp_replace(city, ' \(.*\)$', '') as place from landing.reference__prefectures
    union
    select p.province, d.district as place
    from landing.reference__districts as d
    inner join landing.reference__prefectures as p on p.city = d.city
),

homonyms as (
    select province, place, count(*) over (partition by place) as n from parts
)

select
    'financedatabase' as dataset,
    e.symbol as key,
    e.company,
    null as company_other,
    e.country,
    coalesce(e.region, h.province) as region,
    e.place,
    e.founded_year as founded,
    e.source_file,
    e.source_row
from landing.financedatabase__equities as e
left join homonyms as h
    on
        h.n > 1 and e.country = 'China' and e.place = h.place
        and lower(replace(e.company, ' ', '')) like lower(replace(h.province, ' ', '')) || '%'
