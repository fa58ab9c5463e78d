select m.kind, m.dataset, m.key, e.id, m.printed
from mentions as m
inner join published.core.entities as e on e.kind = m.kind and e.entity = m.entity
