-- Tables of the build that were left views; landings always are.
select schema_name || '.' || view_name as name
from duckdb_views()
where not internal and schema_name <> 'landing' and database_name = current_database()
