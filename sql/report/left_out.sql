-- Ranks and scores by Readiness with one indicator left out.
select i.name, l.leader, l.city, l.score, l.score_change, l.rank, l.rank_change
from index.leave_one_out as l
inner join core.indicators as i on i.indicator = l.left_out
where l.measure = 'Readiness'
order by i.source_row, l.city
