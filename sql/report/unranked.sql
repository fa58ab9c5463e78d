-- One row: the number of cities that have evidence in the headline year but too little to be ranked.
select count(distinct city) as n
from marts.indicator_values
where
    year = (select year from index.headline)
    and city not in (select city from index.ranking)
    and city <> (select min(benchmark) from index.goalposts)
