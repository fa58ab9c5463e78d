-- What the cities shown gained by Readiness in the last five years that the model covers, beside the benchmark.
select g.city, g.year_from, g.year_to, g.change, g.change_low, g.change_high, g.benchmark_change, g.times, g.gap, g.p_narrows, g.how
from index.growth as g
inner join shown_cities as c on c.city = g.city
where g.measure = 'Readiness'
order by c.rank, g.city
