-- One row per source and deal as it reports it, and once more for all sources together, at the place of the company.
-- Keep one dataset when counting ('all' for all sources together); core.deals has one row per deal and core.deal_investors one per investor in it.
select
    r.dataset,  -- Source, or all sources together. #not_null #unique with deal
    r.report as deal,  -- Deal: the source's report, or the deal of all sources together. #not_null
    r.company,  -- Company financed.
    coalesce(r.country, c.country) as country,  -- Country of the company in the source.
    case when r.country is null then c.province else r.province end as province,  -- Province or state in the source.
    case when r.country is null then c.city else r.city end as city,  -- City in the source; null if it gives the province only.
    r.year,  -- Year announced. #not_null #part
    r.usd_low,  -- Lowest possible amount, US dollars; null if undisclosed.
    r.usd_high,  -- Highest possible amount.
    r.sector,  -- Sector as printed.
    coalesce(d.source, r.dataset) as source,  -- Where the fact was published.
    r.url,  -- Address of the page, where known.
    r.source_file,  -- File that holds the row.
    r.source_row  -- Row of that file.
from core.deal_reports as r
left join core.companies as c on c.company = r.company
left join staging.curated_deals as d on d.deal = r.report
union all
select
    'all' as dataset,
    deal,
    company,
    country,
    province,
    city,
    year,
    usd_low,
    usd_high,
    null as sector,
    source,
    url,
    source_file,
    source_row
from core.deals
