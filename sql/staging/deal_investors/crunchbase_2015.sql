select
    'crunchbase_2015' as dataset,
    'crunchbase_2015:' || l.round_key as report,
    case when r.funded_year is not null then r.funded_at end as date,
    l.investor,
    l.investor_key,
    false as is_lead,
    l.investor_country as country,
    case when l.investor_country in ('USA', 'CAN') then l.investor_region end as region,
    l.investor_place as place,
    l.source_file,
    l.source_row
from landing.crunchbase_2015__investments as l
inner join landing.crunchbase_2015__rounds as r on r.round_key = l.round_key
