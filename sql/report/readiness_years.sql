-- Readiness by city and year up to the headline year, with the number of indicators it rests on.
with counted as (
    select d.city, d.year, count(d.value) as n_indicators
    from marts.indicator_detail as d
    inner join index.scores as s on s.measure = d.pillar and s.city = d.city and s.year = d.year
    where d.measure = 'Readiness'
    group by d.city, d.year
)

select s.city, s.year, s.rank, s.rank_low_total as rank_low, s.rank_high_total as rank_high,
    count(s.rank) over (partition by s.year) as n_ranked,
    s.score, s.score_low_companies as score_low, s.score_high_companies as score_high, c.n_indicators
from index.scores as s
inner join counted as c on c.city = s.city and c.year = s.year
where s.measure = 'Readiness' and s.year <= (select year from index.headline)
