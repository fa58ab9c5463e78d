-- One row per exit of a company: its first listing, and its acquisition or merger.
select
    company,  -- Company. #not_null #in core.companies.company #unique with how
    country,  -- Country of the company.
    city,  -- City of the company now, or when it ended. #in core.cities.city
    'listing' as how,  -- Listing, acquisition or merger. #not_null
    listing_year as year,  -- Year of the event.
    listing_exchange as exchange,  -- Exchange, for a listing.
    cast(null as varchar) as acquirer,  -- Buyer, for an acquisition or merger.
    cast(null as double) as value_usd_m,  -- Published price, millions of US dollars.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from core.companies
where listing_year is not null
union all
select
    company,
    country,
    city,
    exit_how as how,
    exit_year as year,
    null as exchange,
    acquirer,
    exit_value_usd_m as value_usd_m,
    source,
    url,
    source_file,
    source_row
from core.companies
where exit_how in ('acquisition', 'merger')
