-- One row per source and deal that is venture capital: made before the company was listed, as far as that is known, and neither its
-- listing nor its sale, closure or restructuring. #view
select
    d.dataset,  -- Source. #not_null #unique with deal
    d.deal,  -- Deal: the source's report. #not_null
    d.company,  -- Company financed.
    d.country,  -- Country of the company in the source.
    d.province,  -- Province or state in the source.
    d.city,  -- City in the source; null if it gives the province only.
    d.year,  -- Year announced. #not_null
    r.round,  -- Round as announced.
    r.date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD.
    d.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    d.usd_high,  -- Highest possible amount.
    d.source,  -- Where the fact was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File that holds the row.
    d.source_row  -- Row of that file.
from core.deals_by_source as d
inner join core.deal_reports as r on r.dataset = d.dataset and r.report = d.deal
left join core.companies as c on c.company = d.company
where
    d.dataset <> 'all'
    and coalesce(r.round, 'unknown') not in ('IPO', 'post-IPO', 'sale', 'closure', 'restructuring')
    and d.year <= coalesce(c.listing_year, d.year)
