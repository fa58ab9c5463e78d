-- One row per city: the number of rows that the register has on it.
with companies as (
    select
        city_founded as city,
        count(*) as n_companies,
        count(unicorn_year) as n_unicorns
    from core.companies
    where is_in_register
    group by city_founded
),

founders as (
    select city, count(*) as n_founders from core.founders group by city
),

deals as (
    select city, count(*) as n_deals from core.deals where is_in_register group by city
),

exits as (
    select city, count(*) as n_exits from core.exits group by city
),

universities as (
    select city, count(*) as n_universities from core.universities group by city
),

offices as (
    select city, count(*) as n_investor_offices from core.investor_offices group by city
),

services as (
    select city, count(*) as n_service_offices from core.service_offices where closed is null group by city
),

zones as (
    select city, min(approved_year) as zone_since from core.zones group by city
)

select
    c.city,  -- City. #unique #not_null
    c.country,  -- Country.
    coalesce(co.n_companies, 0) as n_companies,  -- Companies of the register founded here.
    coalesce(co.n_unicorns, 0) as n_unicorns,  -- Of these, those that became unicorns.
    coalesce(f.n_founders, 0) as n_founders,  -- Founders of the register, counted once per company.
    coalesce(d.n_deals, 0) as n_deals,  -- Deals of the register that were received here.
    coalesce(e.n_exits, 0) as n_exits,  -- Listings, acquisitions and mergers of companies of the register.
    coalesce(u.n_universities, 0) as n_universities,  -- Universities of the register.
    coalesce(o.n_investor_offices, 0) as n_investor_offices,  -- Investor offices of the register.
    coalesce(s.n_service_offices, 0) as n_service_offices,  -- Offices of service firms of the register that stand.
    z.zone_since  -- Year its first national high-tech zone was approved; null if the register has none.
from core.cities as c
left join companies as co on co.city = c.city
left join founders as f on f.city = c.city
left join deals as d on d.city = c.city
left join exits as e on e.city = c.city
left join universities as u on u.city = c.city
left join offices as o on o.city = c.city
left join services as s on s.city = c.city
left join zones as z on z.city = c.city
