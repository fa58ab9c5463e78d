-- What the recordings that ship have fed: for each source the date of its newest bytes, and its tables with their rows.
select source, max(retrieved_at) as recorded,
    string_agg(replace(split_part(table_name, '__', 2), '_', ' ') || ' ' || format('{:,}', n_rows), ', ' order by table_name) as fed
from core.sources
where via = 'shipped'
group by source
order by source
