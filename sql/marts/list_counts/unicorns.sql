-- Unicorns that stand. The register knows when each became one and ceased to be, so it counts like an edition of a report: in the
-- middle of each five-year period that is measured (pipelines/index/measurement/layout.py), or in its own last year, if that is
-- earlier. A list of today's unicorns has lost those that were sold or listed, so it tells of its last year alone.
with ends as (
    select dataset, max(year) as last_year from staging.counted_unicorns group by dataset
),

middles as (
    select 2002 as year
    union all
    select 2007 as year
    union all
    select 2012 as year
    union all
    select 2017 as year
    union all
    select 2022 as year
),

editions as (
    select e.dataset, least(m.year, e.last_year) as year
    from ends as e
    inner join middles as m on m.year <= e.last_year + 2
    where e.dataset = 'register'
    union all
    select dataset, last_year as year from ends where dataset <> 'register'
)

select
    'unicorns' as quantity,
    u.dataset as list,
    u.dataset,
    u.country,
    u.province,
    u.city,
    e.year,
    1.0 as n
from staging.counted_unicorns as u
inner join editions as e on e.dataset = u.dataset and (e.year is null or e.year between coalesce(u.year, e.year) and coalesce(u.year_to, e.year))
