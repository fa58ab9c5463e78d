with figures as (
    select 'GDP, 100m CNY' as measure, year, place_code, gdp_100m_cny as value
    from landing.city_panels__gdp
    where not is_doubtful
    union all
    select 'average wage, CNY' as measure, year, place_code, wage_cny as value
    from landing.city_panels__wages
    where not is_doubtful
    union all
    select 'staff of urban units, 10k' as measure, year, place_code, staff_10k as value
    from landing.city_panels__wages
)

select
    f.measure,
    'city_panels' as dataset,
    cast(f.year as varchar) as period,
    'CN' as country,
    p.province,
    p.city,
    f.value
from figures as f
inner join landing.reference__prefectures as r
    on r.code = case when right(f.place_code, 4) = '0000' then left(f.place_code, 2) || '0100' else f.place_code end
inner join core.places as p on p.place_key = 'CN||' || r.name_zh
where f.value is not null
