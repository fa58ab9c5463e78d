-- Facts of each register table that count, and the share of them whose source was read when they were recorded.
with tables as (
    select 0 as place, 'companies' as register, basis from core.companies
    union all select 1, 'deals', basis from core.deals
    union all select 2, 'founders', basis from core.founders
    union all select 3, 'investors', basis from core.investors
    -- Homes that no row of offices repeats are rows of the investors.
    union all select 4, 'investor offices', basis from core.investor_offices where source_file like '%investor_offices%'
    union all select 5, 'universities', basis from core.universities
    union all select 6, 'service offices', basis from core.service_offices
    union all select 7, 'zones', basis from core.zones
)

select register, count(basis) as n, count(*) filter (basis = 'verified') / count(basis) as verified
from tables
group by place, register
order by place
