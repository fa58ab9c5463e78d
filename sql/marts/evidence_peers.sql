-- One row per founder whose entry year is known, at the city of the company: earlier founders of the same school and year.
-- By chance a fifth of those who entered within the same five years did so in the same one; what is above may be peers.
with entered as (
    select distinct founding, founder, company, founded, university, entry_year
    from core.founder_schools
    where entry_year is not null
),

earlier as (
    select
        e.founding,
        count(distinct case when o.entry_year = e.entry_year then o.founder end) as n_year,
        count(distinct o.founder) as n_block
    from entered as e
    inner join entered as o
        on o.university = e.university
        and floor(o.entry_year / 5.0) = floor(e.entry_year / 5.0)
        and o.founder <> e.founder
        and o.company <> e.company
        and o.founded < e.founded
    group by e.founding
)

select
    'register' as dataset,  -- Source. #not_null
    f.city,  -- City of the company at founding. #not_null
    f.founded as year,  -- Year founded.
    f.founded as year_to,  -- The same year: it is an event.
    f.company,  -- Company founded.
    f.founding as label,  -- What a reader sees.
    e.n_year * 1.0 as peer_exposure,  -- Earlier founders of the same school and entry year.
    e.n_block / 5.0 as peers_by_chance,  -- The same by chance: a fifth of those of the same five years.
    f.source,  -- Where the fact was published.
    f.url,  -- Address of the page, where known.
    f.source_file,  -- File the row stands in.
    f.source_row  -- Row of that file.
from earlier as e
inner join core.founders as f on f.founding = e.founding
where f.city is not null
