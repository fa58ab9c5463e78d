-- One row per company with its country and the area of its city or province, in numbers.
select
    n.entity_number as company_number,  -- Company. #unique #not_null
    c.country,  -- Country of the operating headquarters.
    a.area_number  -- Area of its city now, or when it ended, or of its province; null if neither is known.
from core.companies as c
inner join staging.entities as n on n.kind = 'company' and n.entity = c.company
left join staging.areas as a
    on
        coalesce(a.city, '') = coalesce(c.city, '')
        and coalesce(a.province, '') = coalesce(c.province, '')
        and (a.level = 'city' or (a.level = 'province' and a.country = c.country))
