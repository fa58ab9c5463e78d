-- Landing tables that have landed or failed.
select replace(table_name, 'landing.', '') as name, table_title, n_rows, status,
    case when via <> 'project' then retrieved_at end as retrieved_at
from core.sources
where n_rows > 0 or status like 'failed%'
order by name
