-- One row per source, investor and place as the source lists them. Investors named only in deals are added in staging.investors.
select
    b.dataset,  -- Source. #not_null
    b.dataset || '/investor:' || b.key as mention,  -- Source and its own key for the investor. #not_null
    b.investor,  -- Name as printed. #not_null
    b.investor_other,  -- Name in another language, or a former name.
    b.is_home,  -- The source gives the place as the investor's home; otherwise some of its people are there. #not_null
    c.country,  -- ISO 3166 alpha-2 code, where printed.
    b.region,  -- State or province as printed.
    b.place,  -- City or district as printed.
    case
        when c.country is not null or b.region is not null or b.place is not null
            then coalesce(c.country, '') || '|' || coalesce(b.region, '') || '|' || coalesce(b.place, '')
    end as place_key,  -- Country, region and place joined by |; null if none of them is printed.
    b.n,  -- Rows or people that the source counts there. #not_null
    b.source_file,  -- File that holds the row. #not_null
    b.source_row  -- Row of that file. #not_null
from branches as b
left join core.countries as c on c.written = lower(b.country)
