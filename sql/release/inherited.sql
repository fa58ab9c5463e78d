-- Ids of the release before with the entity that has them now: the one with the key that the id was made from, or with most keys.
-- Of several ids the entity keeps the oldest.
with claims as (
    select
        e.id,
        m.kind,
        m.entity,
        bool_or(m.own_id = e.id) as has_first_key,
        count(*) as n
    from mentions as m
    inner join earlier_entity_keys as e on e.kind = m.kind and e.dataset = m.dataset and e.key = m.key
    group by e.id, m.kind, m.entity
),

won as (
    select *, row_number() over (partition by id order by has_first_key desc, n desc, entity) = 1 as is_winner from claims
)

select
    w.id,
    w.kind,
    w.entity,
    e.entity as entity_before,
    e.since,
    w.is_winner,
    w.is_winner and row_number() over (partition by w.kind, w.entity, w.is_winner order by e.since, w.id) = 1 as is_kept
from won as w
inner join earlier_entities as e on e.id = w.id
