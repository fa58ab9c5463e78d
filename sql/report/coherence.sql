-- Whether the members of each score and pillar belong together.
select coalesce(m.name, c.measure) as measure_name, n.name as member_name, c.effective_weight, c.item_rest,
    o.name as nearest_name, c.r_nearest, c.is_redundant, c.alpha, c.first_share, c.n
from index.coherence as c
inner join names as n on n.code = c.member
left join names as o on o.code = c.nearest
left join names as m on m.code = c.measure
order by c.measure desc, c.member
