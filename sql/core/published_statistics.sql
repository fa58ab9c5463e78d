-- One row per figure that others have published; counts of unicorns, potential unicorns, deals and exits are lists of the index.
select
    city,  -- City or region as published. #not_null
    metric,  -- What was counted. #not_null
    edition_or_year,  -- Edition or year of the figure.
    value,  -- Value as published.
    case when regexp_matches(value, '^[0-9]+([.][0-9]+)?$') then cast(value as double) end
        as number,  -- That value, where it is one number and not a range, a bound or words.
    unit,  -- Unit.
    confidence,  -- high: the publisher's page or a major outlet's; medium: secondary, such as a copy; low: one unconfirmed page.
    note,  -- What to know before using the figure.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.register__published_statistics
