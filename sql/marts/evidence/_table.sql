-- One row per piece of evidence: the rows with a city that the lists count for an indicator.
-- Lists that know only provinces, and those that count without naming, have none; marts.list_counts has what they count.
select
    indicator,  -- Indicator, or the quantity it divides (core.indicators). #not_null
    list,  -- List that counts it, as in marts.list_counts. Add up within one list only: others count the same things. #not_null
    dataset,  -- Source. #not_null
    city,  -- City it counts for. #not_null
    year,  -- Year it happened, or from which it stands; null where that is not known.
    year_to,  -- Last year it stands, the same year for an event; null if open. A unicorn counts in each year of the list from year to year_to (marts.list_counts).
    company,  -- Company it is about, if any.
    label,  -- Description for readers.
    investors,  -- Its investors at home there, by which a deal originated counts for the city, with semicolons between them.
    value,  -- How much it counts: 1 or a share of it; or all that the list has of the city, such as a total that a report prints for year to year_to.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File of the row.
    source_row  -- Row of that file.
from branches
where value is not null
