-- One row per source and deal as it reports it, and once more for all sources together, at the place of the company.
select
    r.dataset,  -- Source, or all of them together. #not_null
    r.report as deal,  -- Deal: the source's report, or the deal of all sources together. #not_null
    r.company,  -- Company financed.
    coalesce(r.country, c.country) as country,  -- Country of the company, as the source has it.
    case when r.country is null then c.province else r.province end as province,  -- Province or state, as the source has it.
    case when r.country is null then c.city else r.city end as city,  -- City, as the source has it; null if it knows the province only.
    r.year,  -- Year announced. #not_null #part
    r.usd_low,  -- Least the amount can be, US dollars; null if undisclosed.
    r.usd_high,  -- Most it can be.
    r.sector,  -- Sector as printed.
    coalesce(d.source, r.dataset) as source,  -- Where the fact was published.
    r.url,  -- Address of the page, where known.
    r.source_file,  -- File the row stands in.
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
