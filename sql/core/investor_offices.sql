-- One row per investor and city with an investing office, the home office included.
with stated as (
    select
        o.investor,
        p.city,
        o.country,
        min(o.opened) as opened,
        case when count(o.closed) = count(*) then max(o.closed) end as closed,
        min(o.source) as source,
        min(o.url) as url,
        min(o.source_file) as source_file,
        min(o.source_row) as source_row
    from landing.register__investor_offices as o
    inner join landing.places as p on p.country = o.country and p.place = o.city
    group by o.investor, p.city, o.country
),

homes as (
    select i.investor, i.city, i.country, i.founded, i.source, i.url, i.source_file, i.source_row
    from core.investors as i
    left join stated as s on s.investor = i.investor and s.city = i.city
    where s.investor is null
)

select
    s.investor,  -- Investor. #not_null #in core.investors.investor
    s.city,  -- City of the office. #not_null #in core.cities.city
    s.country,  -- Country of the office.
    s.opened,  -- Year it opened, where known.
    s.closed,  -- Year it closed.
    s.source,  -- Where the fact was published.
    s.url,  -- Address of the page, where known.
    s.source_file,  -- File the row stands in.
    s.source_row  -- Row of that file.
from stated as s
union all
select
    h.investor,
    h.city,
    h.country,
    h.founded as opened,
    null as closed,
    h.source,
    h.url,
    h.source_file,
    h.source_row
from homes as h
