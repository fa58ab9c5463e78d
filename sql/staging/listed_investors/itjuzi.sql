select
    'itjuzi' as dataset,
    firm as key,
    firm as investor,
    false as is_home,
    case
        when province is null or province in ('北美洲', '欧洲', '亚洲', '大洋洲', '非洲', '南美洲') then null else 'CN'
    end as country,
    province as region,
    place,
    people as n,
    source_file,
    source_row
from landing.itjuzi__investor_firms
