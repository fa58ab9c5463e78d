-- Every indicator of the cities carried and the benchmark in the headline year: value and score with intervals, its lists, and up to
-- which year these count it in the city, if that is before the headline year; whether lists look and count none, where no census says
-- so itself; and how many rows of evidence it has there.
-- Of an indicator on which another city scores 100 the benchmark has no score, so it is left out there.
select
    v.city, v.indicator, v.value, v.value_low, v.value_high, v.score, v.score_low, v.score_high, v.n_lists, v.known,
    v.census_count as counted, v.report_count,
    case when v.n_lists > 0 and v.last_year < v.year then v.last_year end as last_year,
    case when v.n_lists > 0 and v.first_year > v.year then v.first_year end as first_year,
    v.status = 'none counted' and v.census_count is null as is_none, v.last_year is not null as is_dated,
    (select count(*) from marts.evidence as e where e.city = v.city and e.indicator = v.indicator) as n_rows
from marts.indicator_detail as v
inner join index.headline as h on h.year = v.year
inner join core.indicators as i on i.indicator = v.indicator
inner join index.scores as s on s.year = v.year and s.city = v.city and s.measure = 'Readiness'
where v.city in (from carried_cities) and s.score is not null and (v.city not in (select benchmark from benchmark) or i.goalpost = 'benchmark')
order by v.city, i.source_row
