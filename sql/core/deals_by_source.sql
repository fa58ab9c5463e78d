-- One row per source and deal as it reports it, and once more for all sources together, at the place of the company.
-- Keep one dataset when counting ('all' for all sources together), and join by dataset and deal; core.deals has one row per deal and core.deal_investors one per investor in it.
-- #view
select
    s.dataset,  -- Source, or all sources together. #not_null #unique with deal
    r.report as deal,  -- Deal: the source's report, or the deal of all sources together. #not_null
    n.entity as company,  -- Company financed.
    k.country,  -- Country of the company in the source.
    a.province,  -- Province or state in the source.
    a.city,  -- City in the source; null if it gives the province only.
    k.year,  -- Year announced. #not_null #part
    k.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    k.usd_high,  -- Highest possible amount.
    case when s.dataset <> 'all' then r.sector end as sector,  -- Sector as printed.
    coalesce(d.source, r.dataset) as source,  -- Where the fact was published.
    r.url,  -- Address of the page, where known.
    r.source_file,  -- File that holds the row.
    r.source_row  -- Row of that file.
from staging.counted_deals as k
inner join staging.counted_datasets as s on s.dataset_number = k.dataset_number
inner join staging.numbered_deals as r on r.report_number = k.deal_number
left join staging.entities as n on n.entity_number = k.company_number
left join staging.areas as a on a.area_number = k.area_number
left join staging.curated_deals as d on d.deal = r.report
