-- One row per macro of the file, with its comment.
select distinct function_name, comment
from duckdb_functions()
where database_name = current_database()
order by all
