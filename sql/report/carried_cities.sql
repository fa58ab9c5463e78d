-- The cities that the page carries: the benchmark, and the first thousand with a score, by rank. The file has all of them.
select benchmark as city from benchmark
union
select city
from (
    select s.city
    from index.scores as s
    inner join index.headline as h on h.year = s.year
    where s.measure = 'Readiness' and s.score is not null and s.city not in (select benchmark from benchmark)
    order by s.rank nulls last, s.score desc, s.city
    limit 1000
)
