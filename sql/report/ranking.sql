-- The ranked cities carried, by Readiness, with their Realised score, how far they are from the benchmark and what is inferred.
select
    r.*, o.score as realised, d.years_low, d.record_from, d.how, i.name as widest,
    coalesce(u.n_uncounted, 0) as n_uncounted, coalesce(u.n_indicators, 0) as n_indicators, u.inferred,
    u.inferred_weight
from index.ranking as r
left join index.ranking as o on o.city = r.city and o.measure = 'Realised'
left join index.distance as d on d.city = r.city and d.measure = r.measure and d.year = r.year
left join core.indicators as i on i.indicator = r.widest_indicator
left join uncounted as u on u.city = r.city
where r.measure = 'Readiness' and r.city in (from carried_cities)
order by r.rank, r.city
