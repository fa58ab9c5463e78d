-- One row per source, deal and investor, and once more for all sources together, with the investor's home where known.
-- Keep one dataset when counting ('all' for all sources together), and join by dataset and deal; the city of the company is in core.deals_by_source. #view
select
    s.dataset,  -- Source, or all sources together. #not_null #unique with deal, investor
    r.report as deal,  -- Deal: the source's report, or the deal of all sources together. #not_null
    k.year,  -- Year announced. #not_null #part
    n.entity as investor,  -- Investor. #not_null
    k.is_lead = 1 as is_lead,  -- Named as lead.
    i.kind,  -- Kind of investor, where curated.
    a.level,  -- How exactly its home is known: city, province or country; null if it is not known.
    a.unit,  -- City; or province or country, marked as such, if no more is known.
    a.city,  -- Home city.
    a.province,  -- Home province or state.
    a.country,  -- Home country.
    coalesce(i.owner_country, a.country) as owner_country,  -- Country of the group that owns it; that of its home unless the register names another.
    k.area_number is not null as is_located,  -- The investor's home is known, at least its country.
    f.source_file,  -- File that holds the row.
    k.source_row  -- Row of that file.
from staging.counted_investors as k
inner join staging.counted_datasets as s on s.dataset_number = k.dataset_number
inner join staging.numbered_deals as r on r.report_number = k.deal_number
inner join staging.entities as n on n.entity_number = k.investor_number
inner join staging.report_files as f on f.file_number = k.file_number
left join staging.areas as a on a.area_number = k.area_number
left join core.investors as i on i.investor = n.entity
