-- What the build holds, tables and views, each with its version.
select schema_name || '.' || table_name as name, comment as version from duckdb_tables()
union all
select schema_name || '.' || view_name as name, comment as version from duckdb_views() where not internal
