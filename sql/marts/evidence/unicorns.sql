-- Companies that became unicorns, at their present city.
-- A list of today's unicorns has lost those of old that were sold or listed, so only its last five years count.
with listed_unicorns as (
    select
        dataset,
        company,
        city,
        cast(substr(since, 1, 4) as integer) as year,
        source_file,
        source_row,
        cast(max(substr(since, 1, 4)) over (partition by dataset) as integer) as last_year
    from core.unicorns
    where dataset <> 'register'
)

select
    'unicorns' as indicator,
    'register' as dataset,
    city,
    unicorn_year as year,
    unicorn_year as year_to,
    company,
    company || ', unicorn' as label,
    1.0 as value,
    source,
    url,
    source_file,
    source_row
from core.companies
where is_in_register and unicorn_year is not null
union all
select
    'unicorns' as indicator,
    dataset,
    city,
    year,
    year as year_to,
    company,
    company || ', unicorn' as label,
    1.0 as value,
    dataset as source,
    null as url,
    source_file,
    source_row
from listed_unicorns
where city is not null and year > last_year - 5
