-- One row per company, investor, university or service firm as a source names it: what is matched across sources.
select
    s.mention,  -- Source and its own key. #not_null
    'company' as kind,  -- company, investor, university or service_firm. #not_null
    s.dataset as source,  -- Source. #not_null
    s.key,  -- The source's own identity; equal within a source means the same entity.
    s.company as name,  -- Name as printed. #not_null
    s.company_other as name_other,  -- Name in another language, or a former one.
    coalesce(p.city_country, s.country) as country,  -- ISO 3166 alpha-2 code, where known.
    p.city,  -- City, where known.
    s.founded,  -- Year founded, where known.
    s.trust as "rank"  -- Order of trust; the entity takes its name from the best.
from staging.companies as s
left join core.places as p on p.place_key = s.place_key
union all
select
    s.mention,
    'investor' as kind,
    s.dataset as source,
    s.mention as key,
    s.investor as name,
    s.investor_other as name_other,
    p.city_country as country,
    p.city,
    null as founded,
    s.trust as "rank"
from staging.investors as s
left join core.places as p on p.place_key = s.place_key
union all
select
    s.mention,
    'university' as kind,
    s.dataset as source,
    s.key,
    s.university as name,
    s.university_other as name_other,
    coalesce(p.city_country, s.country) as country,
    p.city,
    null as founded,
    s.trust as "rank"
from staging.universities as s
left join core.places as p on p.place_key = s.place_key
union all
select
    'register/service_firm:' || firm as mention,
    'service_firm' as kind,
    'register' as source,
    firm as key,
    firm as name,
    min(firm_zh) as name_other,
    null as country,
    null as city,
    null as founded,
    1 as "rank"
from landing.register__service_firms
group by firm
union all
select
    mention,
    'service_firm' as kind,
    dataset as source,
    firm as key,
    firm as name,
    null as name_other,
    null as country,
    null as city,
    null as founded,
    5 as "rank"
from staging.listing_advisers
group by mention, dataset, firm
