-- Ranks and scores of the cities shown by Readiness with one indicator left out.
select i.name, l.leader, l.city, l.score, l.score_change, l.rank, l.rank_change
from index.leave_one_out as l
inner join core.indicators as i on i.indicator = l.left_out
inner join shown_cities as c on c.city = l.city
where l.measure = 'Readiness'
order by i.source_row, c.rank, l.city
