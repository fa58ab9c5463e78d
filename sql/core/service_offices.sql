-- One row per firm and city: offices of law, audit and executive-search firms and investment banks.
with placed as (
    select
        s.firm,
        s.firm_zh,
        s.kind,
        s.practice,
        s.country,
        p.city,
        s.basis,
        s.source,
        s.url,
        s.source_file,
        s.source_row,
        min(s.opened) over (partition by s.firm, s.kind, p.city) as opened,
        case
            when count(s.closed) over (partition by s.firm, s.kind, p.city) = count(*) over (partition by s.firm, s.kind, p.city)
                then max(s.closed) over (partition by s.firm, s.kind, p.city)
        end as closed,
        max(s.is_headquarters) over (partition by s.firm, s.kind, p.city) as is_headquarters,
        row_number() over (partition by s.firm, s.kind, p.city order by s.source_row) as turn
    from landing.register__service_firms as s
    inner join core.places as p on p.place_key = s.country || '||' || s.city
)

select
    firm,  -- Firm. #not_null #unique with kind, city
    firm_zh,  -- Chinese name.
    kind,  -- Law, audit, search or bank. #not_null
    practice,  -- Practice that matters here; of law offices, those for listings are counted.
    country,  -- Country of the office.
    city,  -- City of the office. #not_null #in core.cities.city
    opened,  -- Year the first office there opened, where known.
    closed,  -- Year the last office there closed, or gave up this business; null if it stands, or is not known to have closed.
    is_headquarters = '1' as is_headquarters,  -- The office is the firm's headquarters.
    basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file; the first one if there are several.
from placed
where turn = 1
