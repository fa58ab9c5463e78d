-- Where two provinces have a city, district or county of one name, the postcode of the seat says which is meant, or else the
-- province with which the company's own name begins. Elsewhere neither does: head offices and mailboxes lie in other provinces.
with parts as (
    select province, regexp_replace(city, ' \(.*\)$', '') as place from landing.reference__prefectures
    union
    select p.province, d.district as place
    from landing.reference__districts as d
    inner join landing.reference__prefectures as p on p.city = d.city
),

homonyms as (
    select p.place, p.province, r.postcodes, count(*) over (partition by p.place) as n
    from parts as p
    left join landing.reference__provinces as r on r.country = 'CN' and r.province = p.province
),

-- A postcode of five digits has lost the zero with which those of Inner Mongolia, Shanxi and Hebei begin.
equities as (
    select *, case length(postcode) when 5 then '0' || substr(postcode, 1, 1) when 6 then substr(postcode, 1, 2) end as postal_area
    from landing.financedatabase__equities
)

select
    'financedatabase' as dataset,
    e.symbol as key,
    e.company,
    e.country,
    -- 博雅生物 gives neither; it was listed as 江西博雅, of 抚州市 in Jiangxi (prospectus of 28 February 2012).
    case when e.symbol = '300294.SZ' and e.place = 'Fuzhou' then 'Jiangxi' else coalesce(e.region, a.province, h.province) end
        as region,
    e.place,
    e.founded_year as founded,
    true as is_share,
    e.source_file,
    e.source_row
from equities as e
left join homonyms as a
    on a.n > 1 and e.country = 'China' and e.place = a.place and '|' || a.postcodes || '|' like '%|' || e.postal_area || '|%'
left join homonyms as h
    on
        h.n > 1 and e.country = 'China' and e.place = h.place
        and lower(replace(e.company, ' ', '')) like lower(replace(h.province, ' ', '')) || '%'
