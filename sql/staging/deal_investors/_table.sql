-- One row per deal and investor as a source reports it, with the investor's place where it is printed beside the deal. #view
with mapped as (
    select
        b.dataset,
        b.report,
        b.investor,
        b.dataset || '/investor:' || b.investor_key as investor_mention,
        b.is_lead,
        c.country,
        b.region,
        b.place,
        b.source_file,
        b.source_row
    from branches as b
    left join core.countries as c on c.written = lower(b.country)
    where b.is_dated and b.investor is not null
)

select
    dataset,  -- Source. #not_null
    report,  -- Deal as the source reports it. #not_null #in staging.deals.report
    investor,  -- Investor as printed. #not_null
    investor_mention,  -- The investor as the source lists it. #not_null
    is_lead,  -- The source names it as lead investor.
    country,  -- Country of the investor, ISO alpha-2, where it is printed beside the deal.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    case
        when country is not null or region is not null or place is not null
            then coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
    end as place_key,  -- Country, region and place joined by |; null if none of them is printed.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from mapped
