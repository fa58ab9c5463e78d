select
    'residents with a bachelor''s degree' as measure,
    'census_county' as dataset,
    cast(year as varchar) as period,
    'CN' as country,
    province,
    city,
    cast(bachelor as double) as value
from core.census_residents
union all
select
    'residents from other provinces' as measure,
    'census_county' as dataset,
    cast(year as varchar) as period,
    'CN' as country,
    province,
    city,
    cast(from_other_provinces as double) as value
from core.census_residents
where from_other_provinces is not null
