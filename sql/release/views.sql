-- Tables of the build that were left views, with their queries; landings always are.
select schema_name || '.' || view_name as name, substr(sql, position(' AS ' in sql) + 4) as query
from duckdb_views()
where not internal and schema_name <> 'landing' and database_name = current_database()
