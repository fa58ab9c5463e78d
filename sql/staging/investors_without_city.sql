-- One row per deal of staging.counted_deals and province or country of investors whose city is not known: they may be in any city of it.
select
    i.year,  -- Year announced. #not_null #part
    i.dataset_number,  -- For whom it counts, as in staging.counted_datasets. #not_null
    i.deal_number,  -- Report that stands for the deal. #not_null
    i.area_number,  -- Area of the province or country. #not_null
    count(*) as n  -- Number of such investors.
from staging.counted_investors as i
inner join staging.areas as a on a.area_number = i.area_number
where a.level <> 'city'
group by i.year, i.dataset_number, i.deal_number, i.area_number
