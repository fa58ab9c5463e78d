-- Abroad the source prints a continent (欧洲, 亚洲) and the country.
select
    'itjuzi_ai_2018' as dataset,
    company as key,
    company,
    legal_name as company_other,
    case when region like '%洲' then place when region = '香港' then 'HK' when region = '台湾' then 'TW' else 'CN' end as country,
    case when region not in ('香港', '台湾') and region not like '%洲' then region end as region,
    case when region not like '%洲' then place end as place,
    cast(substr(founded, 1, 4) as integer) as founded,
    source_file,
    source_row
from landing.itjuzi_ai_2018__companies
