-- One row per source, deal and province or country of investors whose city is not known: they may be in any city of it.
select
    year,  -- Year announced. #not_null #part
    dataset,  -- Source, or all sources together. #not_null
    deal,  -- Deal. #not_null
    country,  -- Country. #not_null
    case when level = 'province' then province end as province,  -- Province or state; null if only the country is known.
    count(*) as n  -- Number of such investors.
from core.deal_investors_by_source
where level <> 'city'
group by year, dataset, deal, country, case when level = 'province' then province end
