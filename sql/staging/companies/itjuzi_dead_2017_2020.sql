-- Places are provinces, municipalities or regions; abroad only the continent is known (欧洲, 亚洲).
select
    'itjuzi_dead_2017_2020' as dataset,
    company || '|' || founded || '|' || closed || '|' || province as key,
    company,
    case when province = '香港' then 'HK' when province = '台湾' then 'TW' when province not like '%洲' then 'CN' end as country,
    case when province not like '%洲' then province end as place,
    cast(substr(founded, 1, 4) as integer) as founded,
    source_file,
    source_row
from landing.itjuzi_dead_2017_2020__companies
