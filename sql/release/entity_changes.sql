-- What became of ids since the release before, and what had become of them by then.
with now as (
    select r.made_at, e.* from published.core.entities as e cross join published.core.release as r
)

from earlier_entity_changes
union all
select n.made_at, i.kind, i.id, 'merged', i.entity_before, n.id, n.entity
from inherited as i
inner join now as n on n.kind = i.kind and n.entity = i.entity
where i.is_winner and not i.is_kept
union all
select n.made_at, n.kind, n.id, 'split', n.entity, min(i.id), min_by(i.entity_before, i.id)
from now as n
inner join inherited as i on i.kind = n.kind and i.entity = n.entity
where n.since = n.made_at and not i.is_winner
group by n.made_at, n.kind, n.id, n.entity
union all
select n.made_at, i.kind, i.id, 'renamed', i.entity_before, null, i.entity
from inherited as i
inner join now as n on n.id = i.id
where i.is_kept and i.entity <> i.entity_before
union all
select r.made_at, e.kind, e.id, 'gone', e.entity, null, null
from earlier_entities as e
cross join published.core.release as r
anti join inherited as i on i.id = e.id
