-- One row per home of a company, with its country and the area of its city or province, in numbers.
select
    n.entity_number as company_number,  -- Company. #not_null #unique with first_year
    coalesce(h.first_year, 0) as first_year,  -- First year there; 0 if from the beginning. #not_null
    coalesce(h.last_year, 9999) as last_year,  -- Last year there; 9999 if it has not left. #not_null
    h.country,  -- Country of the operating headquarters.
    a.area_number  -- Area of its city, or of its province; null if neither is known.
from core.company_homes as h
inner join staging.entities as n on n.kind = 'company' and n.entity = h.company
left join staging.areas as a
    on
        coalesce(a.city, '') = coalesce(h.city, '')
        and coalesce(a.province, '') = coalesce(h.province, '')
        and (a.level = 'city' or (a.level = 'province' and a.country = h.country))
