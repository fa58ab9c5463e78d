-- One row per funding round, at the city of the company financed.
select
    d.deal,  -- Readable key: company, date, round. #unique #not_null
    d.company,  -- Company financed. #in core.companies.company
    c.country,  -- Country of the company.
    c.city,  -- City of the company now, or at its end.
    c.city_founded,  -- City of the company at founding.
    c.founded,  -- Year the company was founded.
    d.date,  -- Announced, YYYY or YYYY-MM.
    d.year,  -- Year announced. #not_null
    d.round,  -- Round as announced.
    d.amount_m,  -- Millions of currency; null if undisclosed. #check amount_m >= 0
    d.amount_max_m,  -- Upper end of an announced range.
    d.currency,  -- ISO 4217 code of the amount.
    d.investors,  -- Investors as announced, separated by |.
    d.lead,  -- Lead investors where published.
    d.basis,  -- seen: the page was read when the row was recorded; named: where to check it.
    d.source,  -- Where the fact was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File the row stands in.
    d.source_row  -- Row of that file.
from staging.deals as d
left join core.companies as c on c.company = d.company
