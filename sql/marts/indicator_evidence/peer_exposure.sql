-- Earlier founders of the same school and entry year, and their number by chance, at the city of the founder's company.
-- By chance a fifth of those who entered within the same five years did so in the same one; the excess may be peers.
with entered as (
    select distinct founding, founder, company, founded, university, entry_year
    from core.founder_schools
    where entry_year is not null
),

earlier_founders as (
    select
        e.founding,
        count(distinct case when o.entry_year = e.entry_year then o.founder end) as n_same_year,
        count(distinct o.founder) as n_same_five_years
    from entered as e
    inner join entered as o
        on o.university = e.university
        and floor(o.entry_year / 5.0) = floor(e.entry_year / 5.0)
        and o.founder <> e.founder
        and o.company <> e.company
        and o.founded < e.founded
    group by e.founding
),

peer_indicators (indicator) as (
    values ('peer_exposure'), ('peers_by_chance')
)

select
    i.indicator,
    'register' as dataset,
    f.city,
    f.founded as year,
    f.founded as year_to,
    f.company,
    f.founding as label,
    case i.indicator when 'peer_exposure' then e.n_same_year * 1.0 else e.n_same_five_years / 5.0 end as value,
    f.source,
    f.url,
    f.source_file,
    f.source_row
from earlier_founders as e
inner join core.founders as f on f.founding = e.founding
cross join peer_indicators as i
where f.city is not null
