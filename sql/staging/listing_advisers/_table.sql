-- One row per listing document and firm that advises on it, as the source prints them, with the firm's office where it is printed.
select
    b.dataset,  -- Source. #not_null
    b.document,  -- Filing or application, by the source's own number.
    b.issuer,  -- Company that lists, as printed.
    b.issuer_country,  -- Country of its business address, where known.
    b.form,  -- Form of the filing, kind of report, or board applied for.
    b.dated,  -- Day of the filing, report or application.
    b.kind,  -- law or audit. #not_null
    b.firm,  -- Firm as printed. #not_null
    b.dataset || '/service_firm:' || b.firm as mention,  -- The firm as the source names it. #not_null
    b.section,  -- Part of the document that names it.
    b.role,  -- Whom it advises, where the text says so.
    b.law,  -- Law on which it advises, where the text says so.
    c.country,  -- Country of the office, where printed.
    b.region,  -- State, province or country of the office as printed.
    b.place,  -- City of the office as printed.
    case
        when b.place is not null then coalesce(c.country, '') || '|' || coalesce(b.region, '') || '|' || b.place
    end as place_key,  -- Country, region and place joined by |; null if no office is printed.
    b.source_file,  -- File that holds the row. #not_null
    b.source_row  -- Row of that file. #not_null
from branches as b
left join core.countries as c on c.written = lower(b.country)
