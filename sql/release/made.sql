-- What the build holds and has passed its checks: the version of each table or view, and the hash of what it holds if it is noted.
select name, split_part(comment, ' ', 1) as version, split_part(comment, ' ', 2) as content
from (
    select schema_name || '.' || table_name as name, comment from duckdb_tables()
    union all
    select schema_name || '.' || view_name as name, comment from duckdb_views() where not internal
)
where comment is not null
