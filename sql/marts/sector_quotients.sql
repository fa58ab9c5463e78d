-- One row per source, period, place and sector: how much more of the sector is here than in the country.
-- Location quotient: share of the place's deals that are of the sector, over the same share in the country.
with counted as (
    select
        dataset,
        classification,
        country,
        coalesce(city, province || ' (province)') as unit,
        sector,
        year,
        1 as n,
        company
    from marts.sector_rows
    where city is not null or province is not null
),

periods as (
    select distinct dataset, cast(year as varchar) as period, year as first_year, year as last_year from counted
    where year is not null
    union all
    select distinct dataset, '2009-2012' as period, 2009 as first_year, 2012 as last_year from counted
    union all
    select distinct dataset, 'all years' as period, null as first_year, null as last_year from counted
),

cells as (
    select
        c.dataset,
        c.classification,
        p.period,
        c.country,
        c.unit,
        c.sector,
        count(*) as n,
        count(distinct c.company) as n_companies
    from counted as c
    inner join periods as p
        on p.dataset = c.dataset and (p.period = 'all years' or c.year between p.first_year and p.last_year)
    group by c.dataset, c.classification, p.period, c.country, c.unit, c.sector
),

summed as (
    select
        *,
        sum(n) over (partition by dataset, classification, period, country, unit) as n_place,
        sum(n) over (partition by dataset, classification, period, country, sector) as n_sector,
        sum(n) over (partition by dataset, classification, period, country) as n_country,
        sum(n_companies) over (partition by dataset, classification, period, country, unit) as c_place,
        sum(n_companies) over (partition by dataset, classification, period, country, sector) as c_sector,
        sum(n_companies) over (partition by dataset, classification, period, country) as c_country
    from cells
)

select
    dataset,  -- Source. #not_null
    classification,  -- What the source calls its sectors. #not_null
    period,  -- A year; 2009-2012; or all years. #not_null
    country,  -- Country. #not_null
    unit,  -- City; or province, marked so, where no more is known. #not_null
    sector,  -- Sector as printed. #not_null
    cast(n as bigint) as n,  -- Deals, or listed companies, of the sector here.
    cast(n_place as bigint) as n_place,  -- Of all sectors here.
    cast(n_sector as bigint) as n_sector,  -- Of the sector in the country.
    cast(n_country as bigint) as n_country,  -- Of all sectors in the country.
    n_place * 1.0 * n_sector / n_country as expected,  -- Number here if the place were like the country.
    n * 1.0 * n_country / (n_place * n_sector) as quotient,  -- Location quotient.
    n_companies,  -- The same by companies, each counted once per sector.
    n_companies * 1.0 * c_country / (c_place * c_sector) as company_quotient  -- Location quotient by companies.
from summed
