-- One row per source, investor and place where the source has its people or offices, in numbers.
select
    d.dataset_number,  -- Source, or all sources together. #not_null
    n.entity_number as investor_number,  -- Investor. #not_null
    a.area_number,  -- Area of the place. #not_null
    a.unit_number,  -- Unit of the place. #not_null
    p.is_home  -- The place is its home. #not_null
from core.investor_places as p
inner join staging.datasets as d on d.dataset = p.dataset
inner join staging.entities as n on n.kind = 'investor' and n.entity = p.investor
inner join staging.areas as a
    on
        a.unit = p.unit
        and a.country = p.country
        and coalesce(a.province, '') = coalesce(p.province, '')
