-- One row per source, country, place and year: deals received, and their share of the country's deals. Keep one dataset when counting
-- ('all' for all sources together). Compare places within a source: over all sources together, cities that are provinces are
-- favoured, because some sources give only the province.
with
-- A city that lies in several provinces is one place.
places as (
    select area_number, min(area_number) over (partition by unit_number) as first_area
    from staging.areas
    where level <> 'country'
),

counted as (
    select s.dataset, d.country, p.first_area, d.year, count(*) as n_deals, count(distinct d.company_number) as n_companies
    from staging.counted_deals as d
    inner join staging.counted_datasets as s on s.dataset_number = d.dataset_number
    left join places as p on p.area_number = d.area_number
    where d.country is not null
    group by s.dataset, d.country, p.first_area, d.year
),

deals as (
    select
        d.dataset,
        d.country,
        coalesce(a.city, a.province || ' (province)', 'not stated') as unit,
        a.city,
        coalesce(c.province, a.province) as province,
        d.year,
        d.n_deals,
        d.n_companies
    from counted as d
    left join staging.areas as a on a.area_number = d.first_area
    left join core.cities as c on c.city = a.city
)

select
    dataset,  -- Source, or all sources together. #not_null #unique with country, unit, year
    country,  -- Country of the companies. #not_null
    unit,  -- City; or province, marked as such, if no more is known; or not stated. #not_null
    city,  -- City.
    province,  -- Province or state.
    year,  -- Year announced. #not_null #part
    n_deals,  -- Deals.
    n_companies,  -- Companies with a deal in the year.
    cast(sum(n_deals) over (partition by dataset, country, year) as bigint) as n_country,  -- Deals of the whole country in the year.
    n_deals * 1.0 / sum(n_deals) over (partition by dataset, country, year) as share  -- Share of the country's deals.
from deals
