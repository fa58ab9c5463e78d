-- One row per funding round, at the city of the company financed, however many sources report it.
-- How much of what happened its sources hold differs by country and year, so its counts compare neither: compare cities within one
-- source (core.deals_by_source). #view
select
    r.report as deal,  -- Readable key: company, date and round for curated deals; else that of the report that represents it. #unique #not_null
    n.entity as company,  -- Company financed. #in core.companies.company
    k.country,  -- Country of the company.
    a.province,  -- Province or state of the company, where known.
    a.city,  -- City of the company in that year; null if only the province is known. #in core.cities.city
    case when c.city is null then a.city else c.city_founded end as city_founded,  -- City of the company at founding. #in core.cities.city
    c.founded,  -- Year the company was founded.
    r.date,  -- Announced: YYYY, YYYY-MM or YYYY-MM-DD.
    r.year,  -- Year announced. #not_null
    coalesce(d.round, r.round) as round,  -- Round as announced.
    d.amount_m,  -- Millions of currency, curated deals only; null if undisclosed. To add up amounts, take usd_low. #check amount_m >= 0
    d.amount_max_m,  -- Upper end of an announced range.
    r.currency,  -- ISO 4217 code of the amount.
    k.usd_low,  -- Lowest possible amount, US dollars at the year's average rate; null if undisclosed.
    k.usd_high,  -- Highest possible amount.
    d.investors,  -- Investors as announced, separated by |; curated deals only.
    d.lead,  -- Lead investors where published.
    r.dataset = 'register' as is_in_register,  -- The deal is in the register.
    coalesce(m.n_reports, 1) as n_reports,  -- Number of reports of it.
    coalesce(m.n_sources, 1) as n_sources,  -- Number of sources that report it.
    d.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    coalesce(d.source, r.dataset) as source,  -- Where the fact was published.
    r.url,  -- Address of the page, where known.
    r.source_file,  -- File that holds the row.
    r.source_row  -- Row of that file.
from staging.counted_deals as k
inner join staging.numbered_deals as r on r.report_number = k.deal_number
left join staging.entities as n on n.entity_number = k.company_number
left join staging.areas as a on a.area_number = k.area_number
left join staging.merged_deals as m on m.deal_number = k.deal_number
left join core.companies as c on c.company = n.entity
left join staging.curated_deals as d on d.deal = r.report
-- Not by a join: DuckDB would expect few rows of it, and keep all of them in memory to join them on.
where k.dataset_number in (select dataset_number from staging.counted_datasets where dataset = 'all')
