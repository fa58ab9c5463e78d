select
    'crunchbase_2015' as dataset,
    'crunchbase_2015:' || l.round_key as report,
    u.round_key is null as is_dated,
    l.investor,
    l.investor_key,
    false as is_lead,
    l.investor_country as country,
    case when l.investor_country in ('USA', 'CAN') then l.investor_region end as region,
    l.investor_place as place,
    l.source_file,
    l.source_row
from landing.crunchbase_2015__investments as l
-- Few rounds lack a year, so that they are cheaper to look up than all.
left join (select round_key from landing.crunchbase_2015__rounds where funded_year is null) as u on u.round_key = l.round_key
