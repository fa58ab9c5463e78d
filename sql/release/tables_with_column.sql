-- One row per table that has the column.
select schema_name || '.' || table_name as table_name
from duckdb_columns()
where database_name = current_database() and column_name = ?
