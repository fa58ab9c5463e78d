-- One row per company, investor, university or service firm as a source names it: the names that are matched across sources.
select
    b.mention,  -- Source and its own key. #not_null
    b.kind,  -- company, investor, university or service_firm. #not_null
    b.source,  -- Source. #not_null
    b.key,  -- The source's own key, if it has one: two rows of a source are the same entity if their keys are the same, else two.
    b.name,  -- Name as printed. #not_null
    b.name_other,  -- Name in another language, or a former name.
    coalesce(p.city_country, b.country) as country,  -- ISO 3166 alpha-2 code, where known.
    p.city,  -- City, where known.
    b.founded,  -- Year founded, where known.
    2 * s.priority + case when b.is_listed then 0 else 1 end
        as "rank"  -- Source priority, and within a source its lists before its deals; the lowest names the entity. #not_null
from branches as b
left join core.places as p on p.place_key = b.place_key
left join core.source_profiles as s on s.source = b.source
