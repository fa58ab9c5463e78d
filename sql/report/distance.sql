-- How far the cities shown are from the benchmark by Readiness: how many times less, and how many years behind.
select
    d.city, d.score, d.benchmark_score, d.times_less, d.times_less_low, d.times_less_high, d.years_behind, d.years_low, d.years_high,
    d.record_from, d.how, d.year
from index.distance as d
inner join shown_cities as c on c.city = d.city
where d.measure = 'Readiness' and d.city not in (select benchmark from benchmark)
order by c.rank, d.city
