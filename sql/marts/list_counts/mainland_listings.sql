-- Companies listed in Shanghai, Shenzhen or Beijing, by registered seat and year. They were counted in the lists of a_share_2026, so
-- they are left out where those are loaded.
select
    'exits' as quantity,
    'mainland_listings' as list,
    'mainland_listings' as dataset,
    'CN' as country,
    null as province,
    l.city,
    l.year,
    cast(l.listings as double) as n
from landing.mainland_listings__listings as l
where not exists (select 1 from core.listed_companies as c where c.dataset = 'a_share_2026')
