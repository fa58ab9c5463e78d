-- One row per source, period, place and sector: how concentrated the sector is here.
-- The location quotient is the sector's share of the place's deals over its share of the country's deals.
with counted as (
    select
        dataset,
        classification,
        country,
        coalesce(city, province || ' (province)') as unit,
        sector,
        year,
        company
    from marts.sector_rows
    where city is not null or province is not null
),

-- Each year, the periods of data/reference/periods.csv, and all years, including rows without a year.
years as (
    select dataset, max(year) as last_year
    from counted
    group by dataset
),

spans as (
    select
        y.dataset,
        coalesce(p.first_year, y.last_year - p.n_years + 1) as first_year,
        coalesce(p.last_year, y.last_year) as last_year
    from years as y
    cross join landing.reference__periods as p
),

periods as (
    select dataset, cast(year as varchar) as period, year as first_year, year as last_year from counted
    union
    select dataset, cast(first_year as varchar) || '-' || cast(last_year as varchar) as period, first_year, last_year from spans
    union all
    select dataset, 'all years' as period, null as first_year, null as last_year from years
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

-- A place with ten or more that has none of the sector gets a zero and not a gap.
places as (
    select dataset, classification, period, country, unit, sum(n) as n_place, sum(n_companies) as c_place
    from cells
    group by dataset, classification, period, country, unit
),

sectors as (
    select dataset, classification, period, country, sector, sum(n) as n_sector, sum(n_companies) as c_sector
    from cells
    group by dataset, classification, period, country, sector
),

countries as (
    select dataset, classification, period, country, sum(n) as n_country, sum(n_companies) as c_country
    from cells
    group by dataset, classification, period, country
),

summed as (
    select
        p.dataset,
        p.classification,
        p.period,
        p.country,
        p.unit,
        s.sector,
        coalesce(c.n, 0) as n,
        coalesce(c.n_companies, 0) as n_companies,
        p.n_place,
        p.c_place,
        s.n_sector,
        s.c_sector,
        k.n_country,
        k.c_country
    from places as p
    inner join sectors as s
        on s.dataset = p.dataset and s.classification = p.classification and s.period = p.period and s.country = p.country
    inner join countries as k
        on k.dataset = p.dataset and k.classification = p.classification and k.period = p.period and k.country = p.country
    left join cells as c
        on c.dataset = p.dataset
        and c.classification = p.classification
        and c.period = p.period
        and c.country = p.country
        and c.unit = p.unit
        and c.sector = s.sector
    where c.n is not null or p.n_place >= 10
)

select
    dataset,  -- Source. #not_null
    classification,  -- Name of the source's classification. #not_null
    period,  -- A year; a period of data/reference/periods.csv, such as 2009-2012; or all years: when deals were made, or companies founded. #not_null
    country,  -- Country. #not_null
    unit,  -- City; or province, marked as such, if no more is known. #not_null
    sector,  -- Sector as printed. #not_null
    cast(n as bigint) as n,  -- Deals, or companies where the source lists those, of the sector in the place.
    cast(n_place as bigint) as n_place,  -- Deals, or companies, of all sectors in the place.
    cast(n_sector as bigint) as n_sector,  -- Deals, or companies, of the sector in the country.
    cast(n_country as bigint) as n_country,  -- Deals, or companies, of all sectors in the country.
    n_place * 1.0 * n_sector / n_country as expected,  -- Number expected if the place were like the country.
    n * 1.0 * n_country / (n_place * n_sector) as quotient,  -- Location quotient.
    n_companies,  -- Companies of the sector in the place, each counted once.
    n_companies * 1.0 * c_country / (c_place * c_sector) as company_quotient  -- Location quotient by companies.
from summed
