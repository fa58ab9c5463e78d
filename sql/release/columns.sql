-- One row per column of the published tables, with its comment.
select
    schema_name || '.' || table_name as table_name,
    column_name,
    data_type,
    comment
from duckdb_columns()
where schema_name <> 'main'
order by schema_name, table_name, column_index
