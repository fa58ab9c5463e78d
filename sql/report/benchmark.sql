-- The benchmark and the year of its goalposts, in one row.
select distinct benchmark, base_year from index.goalposts
