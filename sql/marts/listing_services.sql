-- One row per source, kind of firm and city of its office: the number of listing documents that name an office there.
select
    dataset,  -- Source. #not_null
    kind,  -- law or audit. #not_null
    city,  -- City of the office; null if none is printed.
    country,  -- Country of the office.
    count(distinct source_file) as n_documents,  -- Documents.
    count(distinct firm) as n_firms  -- Firms.
from core.listing_advisers
group by dataset, kind, city, country
