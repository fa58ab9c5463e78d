-- One row per source, country, place and year: deals received, and their share of the country's deals. Compare places within a
-- source: over all sources together, cities that are provinces are favoured, because some sources give only the province.
with deals as (
    select
        dataset,
        country,
        coalesce(city, province || ' (province)', 'not stated') as unit,
        city,
        province,
        year,
        count(*) as n_deals,
        count(distinct company) as n_companies
    from core.deals_by_source
    where country is not null
    group by dataset, country, coalesce(city, province || ' (province)', 'not stated'), city, province, year
)

select
    dataset,  -- Source, or all sources together. #not_null
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
