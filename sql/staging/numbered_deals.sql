-- One row per deal as a source reports it, with its number: what the numbers of reports stand for. #view
select
    f.number_before + d.source_row as report_number,  -- Number of the report in this build; of the deal, if it represents it. #unique #not_null
    f.dataset_number,  -- Number of the source in this build. #not_null
    d.report,  -- Readable key: company, date and round for curated deals; else source and its own key. #not_null
    d.dataset,  -- Source. #not_null
    d.company_mention,  -- The company as the source lists it; null where a deal names none.
    d.company,  -- Name as printed.
    d.place_key,  -- Country, region and place joined by |; null if none of them is printed.
    d.date,  -- Date announced: YYYY, YYYY-MM or YYYY-MM-DD. #not_null
    d.year,  -- Year announced. #not_null
    d.date_low,  -- First day on which it may have been announced.
    d.date_high,  -- Last day on which it may have been announced.
    d.round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none. #not_null
    d.amount_text,  -- Amount as printed.
    d.currency,  -- ISO 4217 code of the amount.
    d.amount_low,  -- Lowest possible amount, in units of the currency; null if undisclosed.
    d.amount_high,  -- Highest possible amount.
    d.sector,  -- Sector as printed.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File that holds the row. #not_null
    d.source_row  -- Row of that file; the first one if there are several. #not_null
from staging.deals as d
inner join staging.report_files as f on f.dataset = d.dataset and f.source_file = d.source_file
