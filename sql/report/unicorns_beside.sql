-- How many times Beijing's unicorns the benchmark has in the years of a study that says six times (docs/questions.md).
select b.year, b.value / c.value as times
from marts.indicator_values as b
inner join marts.indicator_values as c on c.year = b.year and c.indicator = b.indicator and c.city = 'Beijing'
where b.indicator = 'unicorns' and b.city in (select g.city from index.goalposts as g where g.indicator = 'unicorns') and b.year in (2014, 2015)
order by b.year
