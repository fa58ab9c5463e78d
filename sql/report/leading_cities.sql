-- The cities that charts show, by rank: at most twelve, since other countries have dozens. Tables have all of them.
select city from index.ranking where measure = 'Readiness' order by rank, city limit 12
