-- The same numbers of the release before, if it has the same scope and says what its lists counted.
select h.measure, h.subject, h.value
from earlier_history as h
inner join earlier_headline as e on e.scope = h.country
inner join published.index.headline as n on n.scope = h.country
where
    h.made_at = (select max(x.made_at) from earlier_history as x where x.country = h.country)
    and exists (from earlier_counts)
