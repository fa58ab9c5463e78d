-- One row per investor office and year in which the investor was active: two deals or more in three years.
with years as (
    select distinct year from core.deals where is_in_register
),

active as (
    select i.investor, y.year, count(*) as n_deals
    from core.deal_investors as i
    inner join core.deals as d on d.deal = i.deal
    inner join years as y on d.year between y.year - 2 and y.year
    where i.dataset = 'register'
    group by i.investor, y.year
    having count(*) >= 2
)

select
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
inner join core.investor_offices as o on o.investor = a.investor
where coalesce(o.opened, a.year) <= a.year and coalesce(o.closed, a.year) >= a.year
