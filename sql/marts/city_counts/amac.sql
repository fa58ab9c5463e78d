select
    'fund managers' as measure,
    'amac' as dataset,
    'as listed' as period,
    'CN' as country,
    p.province,
    p.city,
    1.0 as value
from landing.amac__managers as l
inner join core.places as p on p.place_key = 'CN|' || coalesce(l.office_region, '') || '|' || coalesce(l.office_place, '')
