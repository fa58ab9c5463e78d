-- One row per company sold for US$50m or more, or for an undisclosed price, and list. A list has a sale once for each buyer.
with numbered_sales as (
    select
        *,
        row_number() over (
            partition by dataset, company_printed, country, city, acquired_year order by source_row, source_file
        ) as turn
    from core.acquisitions
    where acquired_year is not null and company_printed is not null and coalesce(price_usd, 50000000) >= 50000000
)

select
    dataset,  -- Source. #not_null
    company,  -- Company bought; null unless a list of companies names it.
    company_printed,  -- Name as printed. #not_null
    acquirer,  -- Buyer as printed.
    country,  -- Country of the company.
    province,  -- Province or state.
    city,  -- City.
    acquired_year as year,  -- Year of the sale. #not_null
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from numbered_sales
where turn = 1
