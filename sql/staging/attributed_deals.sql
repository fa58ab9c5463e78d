-- One row per source and deal with a named investor, and once more for all sources together: the deals that are attributed to places.
with counted as (
    select
        dataset,
        deal,
        count(*) as n_investors,
        count(case when is_located then 1 end) as n_located,
        count(case when is_lead then 1 end) as n_all_leads,
        count(case when is_lead and is_located then 1 end) as n_leads
    from core.deal_investors_by_source
    group by dataset, deal
)

select
    d.dataset,  -- Source, or all sources together. #not_null
    d.deal,  -- Deal. #not_null
    d.company,  -- Company financed.
    d.country,  -- Country of the company.
    d.province,  -- Province or state of the company.
    d.city,  -- City of the company; null if the source gives the province only.
    d.year,  -- Year announced. #not_null #part
    case when d.usd_low = d.usd_high then d.usd_low end as usd,  -- Amount, US dollars; null unless the exact amount is known.
    n.n_investors,  -- Number of investors announced.
    n.n_located,  -- Number of investors whose home is known.
    n.n_all_leads,  -- Number of investors named as lead.
    n.n_leads,  -- Of these, those whose home is known.
    d.source,  -- Where the deal was published.
    d.url,  -- Address of the page, where known.
    d.source_file,  -- File that holds the deal.
    d.source_row  -- Row of that file.
from core.deals_by_source as d
inner join counted as n on n.dataset = d.dataset and n.deal = d.deal
