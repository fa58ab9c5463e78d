-- Scores of the ranked cities by pillar in the headline year, and how far each is behind the benchmark.
select p.pillar_name as pillar, s.city, s.score, s.score_low_companies as low, s.score_high_companies as high,
    d.benchmark_score, d.gap, d.years_behind, d.how, p.measure = 'Realised' as is_realised
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join (select distinct pillar, pillar_name, measure from core.indicators) as p on p.pillar = s.measure
inner join index.ranking as r on r.city = s.city and r.measure = 'Readiness'
left join index.distance as d on d.measure = s.measure and d.city = s.city
where s.score is not null
order by s.measure, r.rank
