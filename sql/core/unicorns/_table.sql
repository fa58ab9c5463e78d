-- One row per list of unicorns and company on it: companies valued at US$1bn or more while private, now or formerly.
-- The register is such a list. Keep one dataset when counting; company is the same in all of them.
select
    b.dataset,  -- Source. #not_null
    n.entity as company,  -- Company. #in core.companies.company
    b.company as company_printed,  -- Name as printed. #not_null
    coalesce(c.country, h.country) as country,  -- Country in the list, or else in any other source.
    h.city,  -- City of the company in that year, in any source; the present one if undated. #in core.cities.city
    b.since,  -- Day or year in which it became a unicorn, or edition of the list, where printed, as text; year is its number.
    cast(substr(b.since, 1, 4) as integer) as year,  -- Year of that.
    b.valuation_usd_bn,  -- Valuation, billions of US dollars.
    b.industry,  -- Industry as printed; in the register its sector.
    b.exit_reason,  -- Why it left the list, or how it stopped being private; null for companies still on it.
    b.source_file,  -- File that holds the row.
    b.source_row  -- Row of that file.
from branches as b
left join core.names as n on n.mention = b.dataset || '/company:' || b.company_key
left join core.company_homes as h
    on
        h.company = n.entity
        and coalesce(cast(substr(b.since, 1, 4) as integer), 9999) between coalesce(h.first_year, 0) and coalesce(h.last_year, 9999)
left join core.countries as c on c.written = lower(b.country)
