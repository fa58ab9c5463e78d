-- Offices of investors, once for each year in which the investor was active: two deals or more in three years.
-- Offices of the register are curated; of a list only the city is known in which the investor is at home.
with investor_deals as (
    select i.dataset, i.investor, d.year
    from core.deal_investors as i
    inner join marts.deal_sources as l on l.dataset = i.dataset
    inner join core.deals_by_source as d on d.dataset = i.dataset and d.deal = i.deal
),

deal_years as (
    select distinct dataset, year from investor_deals
),

active_years as (
    select d.dataset, d.investor, y.year, count(*) as n_deals
    from investor_deals as d
    inner join deal_years as y on y.dataset = d.dataset and d.year between y.year - 2 and y.year
    group by d.dataset, d.investor, y.year
    having count(*) >= 2
),

investor_offices as (
    select 'register' as dataset, investor, city, opened, closed, source, url, source_file, source_row
    from core.investor_offices
    union all
    select
        h.dataset,
        h.investor,
        h.city,
        null as opened,
        null as closed,
        h.dataset as source,
        null as url,
        min(i.source_file) as source_file,
        min(i.source_row) as source_row
    from core.investor_places as h
    inner join core.deal_investors as i on i.dataset = h.dataset and i.investor = h.investor
    where h.dataset <> 'register' and h.is_home and h.city is not null
    group by h.dataset, h.investor, h.city
)

select
    'active_investors' as indicator,
    a.dataset,
    o.city,
    a.year,
    a.year as year_to,
    cast(null as varchar) as company,
    o.investor || ', ' || a.n_deals || ' deals in three years' as label,
    1.0 as value,
    o.source,
    o.url,
    o.source_file,
    o.source_row
from active_years as a
inner join investor_offices as o on o.dataset = a.dataset and o.investor = a.investor
where coalesce(o.opened, a.year) <= a.year and coalesce(o.closed, a.year) >= a.year
