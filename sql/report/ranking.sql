-- The ranked cities carried, by Readiness, with their Realised score and how far they are from the benchmark.
select r.*, c.city_zh, o.score as realised, d.years_behind, d.record_from, d.how, i.name as widest
from index.ranking as r
inner join core.cities as c on c.city = r.city
left join index.ranking as o on o.city = r.city and o.measure = 'Realised'
left join index.distance as d on d.city = r.city and d.measure = r.measure and d.year = r.year
left join core.indicators as i on i.indicator = r.widest_indicator
where r.measure = 'Readiness' and r.city in (from carried_cities)
order by r.rank, r.city
