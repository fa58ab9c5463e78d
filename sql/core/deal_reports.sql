-- One row per deal as a source reports it, with the round that it reports. #view
select
    v.report,  -- Readable key: company, date and round for curated deals; else source and its own key. #unique #not_null
    v.dataset,  -- Source. #not_null
    s.source_priority,  -- Order in which sources are preferred where they differ; 1 is the register. #not_null
    coalesce(e.report, v.report) as deal,  -- Round that it reports. #not_null
    n.entity as company,  -- Company financed; null if its name leads to no company.
    v.company as company_printed,  -- Name as printed.
    p.country,  -- Country of the place printed.
    p.province,  -- Province or state of the place printed.
    p.city,  -- City of the place printed; null if the source gives the province only.
    v.date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD.
    v.year,  -- Year announced. #not_null #part
    v.round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none.
    v.amount_text,  -- Amount as printed.
    v.currency,  -- ISO 4217 code of the amount.
    v.amount_low,  -- Lowest possible amount, in units of the currency; null if undisclosed. #check amount_low >= 0
    v.amount_high,  -- Highest possible amount; null if open. #check amount_high >= amount_low
    r.usd_low,  -- Lowest possible amount, US dollars at the year's average rate.
    r.usd_high,  -- Highest possible amount, US dollars at the year's average rate.
    v.sector,  -- Sector as printed.
    v.url,  -- Address of the page, where known.
    v.source_file,  -- File that holds the row. #not_null
    v.source_row  -- Row of that file; the first one if there are several. #not_null
from staging.numbered_deals as v
inner join staging.reports as r on r.report_number = v.report_number
inner join staging.datasets as s on s.dataset_number = v.dataset_number
left join staging.entities as n on n.entity_number = r.company_number
left join staging.areas as p on p.area_number = r.area_number
left join staging.duplicate_reports as f on f.report_number = v.report_number
left join staging.numbered_deals as e on e.report_number = f.deal_number
