-- Columns of the published tables with their types and descriptions.
select schema_name || '.' || table_name, column_name, data_type, comment
from duckdb_columns()
order by schema_name, table_name, column_index
