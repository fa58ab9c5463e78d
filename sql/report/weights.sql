-- Pillars with their reliability and their weight in the score.
select distinct p.pillar, n.pillar_name, p.measure, p.reliability, p.weight, p.n_near_top
from index.pillars as p
inner join core.indicators as n on n.pillar = p.pillar
order by p.pillar
