-- One row per company of the register that was listed, or sold for US$50m or more or for an undisclosed price: at the first of both.
with numbered_exits as (
    select *, row_number() over (partition by company order by year, case when how = 'listing' then 0 else 1 end, how) as turn
    from core.exits
    where year is not null and (how = 'listing' or coalesce(value_usd_m, 50) >= 50)
)

select
    company,  -- Company. #not_null #unique
    country,  -- Country of the company.
    city,  -- City of the company in that year.
    how,  -- Listing, acquisition or merger. #not_null
    year,  -- Year of the event. #not_null
    exchange,  -- Exchange, for a listing.
    acquirer,  -- Buyer, for an acquisition or merger.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from numbered_exits
where turn = 1
