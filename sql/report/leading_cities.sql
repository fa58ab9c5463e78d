-- The cities that charts with a row for each show: the first twelve by Readiness.
select city from shown_cities order by rank, city limit 12
