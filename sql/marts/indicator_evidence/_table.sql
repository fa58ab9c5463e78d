-- One row per piece of evidence and indicator: what the indicators of any country are sums of.
-- A piece counts in the window of a year if the years in which it stands, `year` to `year_to`, overlap the window.
select
    indicator,  -- Indicator, denominator of one, or alternative measure of one (core.indicators). #not_null
    dataset,  -- Source: the register, or a list. #not_null
    city,  -- City it counts for. #not_null
    year,  -- Year it happened, or from which it stands; null where that is not known, and it counts in every year.
    year_to,  -- Last year it stands, the same year for an event; null if open.
    company,  -- Company it is resampled with; null if it is not resampled.
    label,  -- Description for readers.
    value,  -- How much it counts.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File of the row.
    source_row  -- Row of that file.
from branches
where value is not null
