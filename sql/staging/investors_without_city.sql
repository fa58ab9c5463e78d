-- One row per source, deal and province or country of which no more is known of where investors sit: they may sit in any city of it.
select
    year,  -- Year announced. #not_null #part
    dataset,  -- Source, or all of them together. #not_null
    deal,  -- Deal. #not_null
    country,  -- Country. #not_null
    case when level = 'province' then province end as province,  -- Province or state; null where only the country is known.
    count(*) as n  -- Investors known by it.
from core.deal_investors
where level <> 'city'
group by year, dataset, deal, country, case when level = 'province' then province end
