-- A new entity takes the id of its first key; the register's keys come first. Where another entity has that id, it takes one of
-- its name and the time.
with kept as (
    select * from inherited where is_kept
),

made as (
    select
        m.kind,
        m.entity,
        min_by(m.own_id, (m.dataset <> 'register', m.dataset, m.key)) filter (where k.id is null) as own_id
    from mentions as m
    left join kept as k on k.id = m.own_id
    group by m.kind, m.entity
)

select
    coalesce(k.id, m.own_id, substr(md5(concat_ws(chr(31), m.kind, m.entity, r.made_at)), 1, 12)) as id,
    m.kind,
    m.entity,
    coalesce(k.since, r.made_at) as since
from made as m
cross join published.core.release as r
left join kept as k on k.kind = m.kind and k.entity = m.entity
