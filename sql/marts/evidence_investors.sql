-- One row per investor office and year in which the investor was active: two deals or more in three years.
-- Offices of the register are curated; of a list only the city is known where the investor is at home.
with deals as (
    select i.dataset, i.investor, d.year
    from core.deal_investors as i
    inner join marts.deal_sources as l on l.dataset = i.dataset
    inner join core.deals_by_source as d on d.dataset = i.dataset and d.deal = i.deal
),

years as (
    select distinct dataset, year from deals
),

active as (
    select d.dataset, d.investor, y.year, count(*) as n_deals
    from deals as d
    inner join years as y on y.dataset = d.dataset and d.year between y.year - 2 and y.year
    group by d.dataset, d.investor, y.year
    having count(*) >= 2
),

offices as (
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
    a.dataset,  -- Source. #not_null
    o.city,  -- City of the office. #not_null
    a.year,  -- Year.
    a.year as year_to,  -- The same year: each year is counted afresh.
    cast(null as varchar) as company,  -- Company it goes with when companies are resampled; none here.
    o.investor || ', ' || a.n_deals || ' deals in three years' as label,  -- What a reader sees.
    1.0 as active_investors,  -- Investors with an office in the city and at least two deals in three years.
    o.source,  -- Where the office was published.
    o.url,  -- Address of the page, where known.
    o.source_file,  -- File the row stands in.
    o.source_row  -- Row of that file.
from active as a
inner join offices as o on o.dataset = a.dataset and o.investor = a.investor
where coalesce(o.opened, a.year) <= a.year and coalesce(o.closed, a.year) >= a.year
