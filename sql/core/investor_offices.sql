-- One row per investor and city in which it has an investing office, including its home.
with stated as (
    select
        o.investor,
        p.city,
        o.country,
        o.basis,
        o.source,
        o.url,
        o.source_file,
        o.source_row,
        min(o.opened) over (partition by o.investor, p.city) as opened,
        case
            when count(o.closed) over (partition by o.investor, p.city) = count(*) over (partition by o.investor, p.city)
                then max(o.closed) over (partition by o.investor, p.city)
        end as closed,
        row_number() over (partition by o.investor, p.city order by o.source_row) as turn
    from landing.register__investor_offices as o
    inner join core.places as p on p.place_key = o.country || '||' || o.city
),

homes as (
    select i.investor, i.city, i.country, i.founded, i.basis, i.source, i.url, i.source_file, i.source_row
    from core.investors as i
    left join stated as s on s.investor = i.investor and s.city = i.city
    where i.is_in_register and s.investor is null
)

select
    s.investor,  -- Investor. #not_null #in core.investors.investor #unique with city
    s.city,  -- City of the office. #not_null #in core.cities.city
    s.country,  -- Country of the office.
    s.opened,  -- Year the first office there opened, where known.
    s.closed,  -- Year the last office there closed.
    s.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    s.source,  -- Where the fact was published.
    s.url,  -- Address of the page, where known.
    s.source_file,  -- File that holds the row.
    s.source_row  -- Row of that file; the first one if there are several.
from stated as s
where s.turn = 1
union all
select
    h.investor,
    h.city,
    h.country,
    h.founded as opened,
    null as closed,
    h.basis,
    h.source,
    h.url,
    h.source_file,
    h.source_row
from homes as h
