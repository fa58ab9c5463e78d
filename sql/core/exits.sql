-- One row per exit of a company: its first listing, and its acquisition or merger.
with events as (
    select
        company,
        'listing' as how,
        listing_year as year,
        listing_exchange as exchange,
        cast(null as varchar) as acquirer,
        cast(null as double) as value_usd_m,
        source,
        url,
        source_file,
        source_row
    from core.companies
    where listing_year is not null
    union all
    select
        company,
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
)

select
    e.company,  -- Company. #not_null #in core.companies.company #unique with how
    h.country,  -- Country of the company.
    h.city,  -- City of the company in that year; the present one if undated. #in core.cities.city
    e.how,  -- Listing, acquisition or merger. #not_null
    e.year,  -- Year of the event.
    e.exchange,  -- Exchange, for a listing.
    e.acquirer,  -- Buyer, for an acquisition or merger.
    e.value_usd_m,  -- Published price, millions of US dollars.
    e.source,  -- Where the fact was published.
    e.url,  -- Address of the page, where known.
    e.source_file,  -- File that holds the row.
    e.source_row  -- Row of that file.
from events as e
inner join core.company_homes as h
    on h.company = e.company and coalesce(e.year, 9999) between coalesce(h.first_year, 0) and coalesce(h.last_year, 9999)
