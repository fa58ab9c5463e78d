-- One row per technology company, survivors and failures alike.
select
    c.company,  -- Common English name. #unique #not_null
    c.company_zh,  -- Chinese name.
    c.country,  -- Country of the operating headquarters.
    coalesce(f.city, p.city) as city_founded,  -- City at founding; the present one where not recorded. #in core.cities.city
    c.city_founded is null as is_city_founded_assumed,  -- The city at founding is not recorded.
    p.city,  -- City now, or at the end. #not_null #in core.cities.city
    c.founded,  -- Year founded. #not_null
    c.sector,  -- Main sector. #not_null
    c.listing_exchange,  -- Exchange of the first listing.
    c.listing_year,  -- Year of the first listing.
    c.unicorn_year,  -- First year valued at US$1bn or more while private.
    c.exit_how,  -- Acquisition, merger or closure.
    c.exit_year,  -- Year of that end.
    c.acquirer,  -- Who acquired it or merged with it.
    c.exit_value_usd_m,  -- Published price, millions of US dollars.
    c.parent,  -- Company it was spun off from or incubated in.
    c.main_market,  -- Country with the largest share of revenue; outsourcing only.
    c.basis,  -- seen: the page was read when the row was recorded; named: where to check it.
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    c.source_file,  -- File the row stands in.
    c.source_row  -- Row of that file.
from landing.register__companies as c
inner join landing.places as p on p.country = c.country and p.place = c.city
left join landing.places as f on f.country = c.country and f.place = c.city_founded
