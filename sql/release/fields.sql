-- Columns of a published table with their types and descriptions.
select column_name, data_type, comment
from duckdb_columns()
where schema_name || '.' || table_name = $name
order by column_index
