-- Sources that have landed or failed, with licence, freshness and rows; the project's own come last, and their files are as new as the
-- release, whatever the age of their facts.
select title, any_value(publisher) as publisher, sum(n_rows)::bigint as n_rows,
    any_value(licence_class) as licence_class, any_value(licence) as licence, any_value(cadence) as cadence,
    string_agg(distinct split_part(status, chr(10), 1), '; ') as status, any_value(verified) as verified,
    max(case when via <> 'project' then retrieved_at end) as retrieved_at, any_value(landing_page) as landing_page
from core.sources
where n_rows > 0 or status like 'failed%'
group by source, title
order by source in ('register', 'reference'), title
