-- Places go by their code; units that are no prefecture today are left out, as their territory counts for others now.
with printed as (
    select place_code, source_file, source_row from landing.city_panels__gdp
    union all
    select place_code, source_file, source_row from landing.city_panels__wages
)

select
    'city_panels' as dataset,
    'CN' as country,
    p.name_zh as place,
    'place_code' as "column",
    1 as n,
    l.source_file,
    l.source_row
from printed as l
inner join landing.reference__prefectures as p
    on p.code = case when right(l.place_code, 4) = '0000' then left(l.place_code, 2) || '0100' else l.place_code end
