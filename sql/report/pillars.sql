-- Scores of the cities shown by pillar in the headline year, and how far each is behind the benchmark.
select p.pillar_name as pillar, s.city, s.score, s.score_low as low, s.score_high as high,
    case when d.city is not null then b.score end as benchmark_score, d.times_less, d.years_behind, d.how, p.measure = 'Realised' as is_realised
from index.scores as s
inner join index.headline as h on h.year = s.year
inner join (select distinct pillar, pillar_name, measure from core.indicators) as p on p.pillar = s.measure
inner join shown_cities as c on c.city = s.city
left join index.distance as d on d.measure = s.measure and d.city = s.city
left join index.scores as b on b.measure = s.measure and b.year = s.year and b.city in (select benchmark from benchmark)
order by s.measure, c.rank, s.city
