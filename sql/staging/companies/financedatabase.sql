-- Where two prefectures share a name, the province with which a company's own name begins says which is meant.
with prefectures as (
    select province, regexp_replace(city, ' \(.*\)$', '') as place from landing.reference__prefectures
),

homonyms as (
    select province, place, count(*) over (partition by place) as n from prefectures
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
    on h.n > 1 and e.country = 'China' and e.place = h.place and lower(replace(e.company, ' ', '')) like lower(h.province) || '%'
