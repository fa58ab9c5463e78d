-- One row per acquisition as a source lists it, with the places of both sides.
select
    b.dataset,  -- Source. #not_null
    b.dataset || '/company:' || b.company_key as company_mention,  -- Company bought, as the source lists it.
    b.company,  -- Its name as printed.
    c.country,  -- Its country, ISO alpha-2.
    b.region,  -- Its state or province as printed.
    b.place,  -- Its city as printed.
    coalesce(c.country, '') || '|' || coalesce(b.region, '') || '|' || coalesce(b.place, '')
        as place_key,  -- Its country, region and place joined by |.
    b.acquirer,  -- Buyer as printed.
    a.country as acquirer_country,  -- Country of the buyer, ISO alpha-2.
    b.acquirer_region,  -- State or province of the buyer as printed.
    b.acquirer_place,  -- City of the buyer as printed.
    coalesce(a.country, '') || '|' || coalesce(b.acquirer_region, '') || '|' || coalesce(b.acquirer_place, '')
        as acquirer_place_key,  -- The buyer's country, region and place joined by |.
    b.acquired_at,  -- Date as printed.
    b.acquired_year,  -- Year; null if the printed one is impossible.
    b.price,  -- Price in units of the currency; null if undisclosed.
    b.price_currency,  -- ISO 4217 code.
    b.source_file,  -- File that holds the row. #not_null
    b.source_row  -- Row of that file. #not_null
from branches as b
left join core.countries as c on c.written = lower(b.country)
left join core.countries as a on a.written = lower(b.acquirer_country)
