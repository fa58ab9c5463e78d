-- One row per deal or listed company with a sector: what location quotients are counted from.
select
    d.dataset,  -- Source. #not_null
    'deals' as classification,  -- What is counted: deals; or listed companies by sector, industry group or industry. #not_null
    d.country,  -- Country.
    d.province,  -- Province or state.
    d.city,  -- City.
    d.sector,  -- Sector as printed. #not_null
    d.year,  -- Year of the deal, or in which the company was founded; null where not known.
    d.company  -- Company.
from core.deals_by_source as d
where d.sector is not null
union all
select
    'register' as dataset,
    'companies' as classification,
    country,
    province,
    city_founded as city,
    sector,
    founded as year,
    company
from core.companies
where is_in_register
union all
select 'financedatabase' as dataset, 'listed companies, sector' as classification, country, province, city, sector, founded_year, company
from core.listed_companies
where sector is not null
union all
select 'financedatabase' as dataset, 'listed companies, industry group' as classification, country, province, city, industry_group,
    founded_year, company
from core.listed_companies
where industry_group is not null
union all
select 'financedatabase' as dataset, 'listed companies, industry' as classification, country, province, city, industry,
    founded_year, company
from core.listed_companies
where industry is not null
