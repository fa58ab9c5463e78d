-- One row per deal or company with a sector: what location quotients are counted from.
select
    dataset,  -- Source. #not_null
    classification,  -- What is counted: deals; companies; or listed companies by sector, industry group or industry. #not_null
    country,  -- Country.
    province,  -- Province or state.
    city,  -- City.
    sector,  -- Sector as printed. #not_null
    year,  -- Year of the deal, or in which the company was founded; null if not known.
    company  -- Company.
from branches
where sector is not null
