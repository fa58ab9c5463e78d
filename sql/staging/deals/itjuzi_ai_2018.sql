-- Listings, sales of shares after them and takeovers are no rounds of venture capital. Abroad the source prints a continent
-- (欧洲, 亚洲) and the country.
select
    'itjuzi_ai_2018:' || r.company || '|' || r.date || '|' || cast(r.round as varchar) as report,
    'itjuzi_ai_2018' as dataset,
    r.company as company_key,
    r.company,
    case when c.region like '%洲' then c.place when c.region = '香港' then 'HK' when c.region = '台湾' then 'TW' else 'CN' end
        as country,
    case when c.region not in ('香港', '台湾') and c.region not like '%洲' then c.region end as region,
    case when c.region not like '%洲' then c.place end as place,
    r.date,
    cast(r.round as varchar) as round,
    r.amount as amount_text,
    r.currency,
    r.amount_low,
    r.amount_high,
    c.industry as sector,
    r.source_file,
    r.source_row
from landing.itjuzi_ai_2018__rounds as r
inner join landing.itjuzi_ai_2018__companies as c on c.company = r.company
where r.round not in ('IPO上市', 'IPO上市后', '新三板', '新三板定增', '并购')
