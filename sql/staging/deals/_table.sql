-- One row per deal as a source reports it, with its date as an interval of days. #view
with mapped as (
    select
        b.report,
        b.dataset,
        b.dataset || '/company:' || b.company_key as company_mention,
        b.company,
        c.country,
        b.region,
        b.place,
        b.date,
        coalesce(r.round, 'unknown') as round,
        b.amount_text,
        b.currency,
        b.amount_low,
        b.amount_high,
        b.sector,
        b.url,
        b.source_file,
        b.source_row
    from branches as b
    left join core.countries as c on c.written = lower(b.country)
    left join landing.reference__rounds as r on r.written = lower(b.round)
    where b.date is not null
)

select
    report,  -- Readable key: company, date and round for curated deals; else source and its own key. #unique #not_null
    dataset,  -- Source. #not_null
    company_mention,  -- The company as the source lists it. #in staging.companies.mention
    company,  -- Name as printed.
    country,  -- Country of the company, ISO alpha-2, where it is printed beside the deal.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    case
        when country is not null or region is not null or place is not null
            then coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
    end as place_key,  -- Country, region and place joined by |; null if none of them is printed.
    date,  -- Date announced: YYYY, YYYY-MM or YYYY-MM-DD. #not_null
    cast(substr(date, 1, 4) as integer) as year,  -- Year announced. #not_null
    case length(date)
        when 4 then cast(date || '-01-01' as date)
        when 7 then cast(date || '-01' as date)
        else cast(date as date)
    end as date_low,  -- First day on which it may have been announced.
    case length(date)
        when 4 then cast(date || '-12-31' as date)
        when 7 then last_day(cast(date || '-01' as date))
        else cast(date as date)
    end as date_high,  -- Last day on which it may have been announced.
    round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none. #not_null
    amount_text,  -- Amount as printed.
    currency,  -- ISO 4217 code of the amount.
    amount_low,  -- Lowest possible amount, in units of the currency; null if undisclosed.
    amount_high,  -- Highest possible amount.
    sector,  -- Sector as printed.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file; the first one if there are several. #not_null
from mapped
