-- One row per source, investor and place where it has an office, in numbers.
-- Offices are the curated ones, with the years they were open, and every other place where a source lists people of the investor.
-- An investor with equally many people in two cities has no home but has an office in each.
with curated as (
    select
        n.entity_number as investor_number,
        coalesce(a.area_number, u.area_number) as area_number,
        u.unit_number,
        o.opened,
        o.closed
    from core.investor_offices as o
    inner join staging.entities as n on n.kind = 'investor' and n.entity = o.investor
    inner join (select unit, min(unit_number) as unit_number, min(area_number) as area_number from staging.areas group by unit) as u
        on u.unit = o.city
    left join (select unit, country, min(area_number) as area_number from staging.areas group by unit, country) as a
        on a.unit = o.city and a.country = o.country
),

stated as (
    select d.dataset_number, c.investor_number, c.area_number, c.unit_number, c.opened, c.closed, true as is_curated
    from curated as c
    inner join staging.datasets as d on d.dataset in ('register', 'all')
    union all
    select
        p.dataset_number,
        p.investor_number,
        p.area_number,
        p.unit_number,
        cast(null as integer) as opened,
        cast(null as integer) as closed,
        false as is_curated
    from staging.investor_areas as p
    inner join staging.datasets as d on d.dataset_number = p.dataset_number
    left join curated as c on c.investor_number = p.investor_number and c.unit_number = p.unit_number
    where d.dataset <> 'register' and (d.dataset <> 'all' or c.investor_number is null)
)

select
    dataset_number,  -- Source, or all sources together. #not_null
    investor_number,  -- Investor. #not_null
    unit_number,  -- Unit of the office. #not_null
    area_number,  -- Area of the office. #not_null
    opened,  -- Year the first office there opened, where known.
    closed,  -- Year the last office there closed.
    is_curated,  -- The office is curated. #not_null
    count(*) over (partition by dataset_number, investor_number) as n_offices,  -- Number of its offices. #not_null
    count(coalesce(opened, closed)) over (partition by dataset_number, investor_number)
        as n_dated  -- Number of them with a year. #not_null
from stated
