-- One row per listing document and firm that advises on it, at the office named in the document.
select
    a.dataset,  -- Source. #not_null
    a.document,  -- Filing or application, by the source's own number.
    a.issuer,  -- Company that lists, as printed.
    a.issuer_country,  -- Country of its business address, where known.
    a.form,  -- Form of the filing, kind of report, or board applied for.
    cast(substr(a.dated, 1, 4) as integer) as year,  -- Year.
    a.dated,  -- Day of filing, or of the report or application.
    a.kind,  -- law or audit. #not_null
    n.entity as firm,  -- Firm. #not_null
    a.firm as firm_printed,  -- Firm as printed. #not_null
    a.section,  -- Part of the document that names it: cover, legal matters, experts, audit report or application.
    a.role,  -- Whom it advises, where the text says so.
    a.law,  -- Law on which it advises, where the text says so.
    p.city,  -- City of the office; null if none is printed.
    p.city_country as country,  -- Country of the office.
    a.place,  -- City of the office as printed.
    a.source_file,  -- File that holds the row.
    a.source_row  -- Row of that file.
from staging.listing_advisers as a
inner join core.names as n on n.mention = a.mention
left join core.places as p on p.place_key = a.place_key
