-- The smallest change of weights that brings each city level with the first.
select f.level, f.city, f.other, n.name as member_name, f.weight, f.weight_at_flip, f.moved
from index.weight_flips as f
inner join names as n on n.code = f.member
where f.measure = 'Readiness'
order by f.level desc, f.moved, f.other, f.member
