-- One row per funding round as announced, with its date split.
select
    company || ' | ' || date || ' | ' || round as deal,  -- Readable key: company, date, round. #unique #not_null
    company,  -- Company financed. #in landing.register__companies.company
    date,  -- Announced, YYYY or YYYY-MM.
    cast(substr(date, 1, 4) as integer) as year,  -- Year announced.
    round,  -- Round as announced.
    amount_m,  -- Millions of currency; lower end of an announced range; null if undisclosed.
    amount_max_m,  -- Upper end of an announced range.
    currency,  -- ISO 4217 code of the amount.
    investors,  -- Investors as announced, separated by |.
    lead,  -- Lead investors where published, separated by |.
    basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file; the header is row 1.
from landing.register__deals
