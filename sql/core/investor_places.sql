-- One row per source, investor and place, as far as the source says where its people or offices are; one may be its home.
with named as (
    select
        s.dataset,
        n.entity as investor,
        p.unit,
        p.unit_level as level,
        p.city,
        p.province,
        p.city_country as country,
        sum(s.n) as n,
        min(s.trust) as trust
    from staging.investor_places as s
    inner join core.names as n on n.mention = s.mention
    inner join staging.place_units as p on p.place_key = s.place_key
    where p.unit is not null
    group by s.dataset, n.entity, p.unit, p.unit_level, p.city, p.province, p.city_country
),

combined as (
    select dataset, investor, unit, level, city, province, country, n, trust from named
    union all
    select
        'all' as dataset,
        investor,
        unit,
        level,
        city,
        province,
        country,
        sum(n) as n,
        min(trust) as trust
    from named
    group by investor, unit, level, city, province, country
),

-- What is known no closer than the country yields to any source that knows more; then the more trusted source decides.
believed as (
    select
        *,
        case when level = 'country' then 100 else 0 end + trust as doubt,
        sum(n) over (
            partition by dataset, investor, case when level = 'country' then 100 else 0 end + trust, country, coalesce(province, '')
        ) as n_province
    from combined
),

-- The home is in the province that most people or rows name, and there in the city named most. Two that are named equally
-- often are no home: which of them comes first in a list or an alphabet would decide.
ranked as (
    select
        *,
        rank() over (
            partition by dataset, investor
            order by doubt, n_province desc, case level when 'city' then 0 when 'province' then 1 else 2 end, n desc
        ) as place_rank
    from believed
)

select
    dataset,  -- Source, or all of them together. #not_null
    investor,  -- Investor. #not_null
    unit,  -- City; or province or country, marked so, where no more is known. #not_null
    level,  -- city, province or country.
    city,  -- City; null unless the level is city.
    province,  -- Province or state, where known.
    country,  -- ISO 3166 alpha-2 code.
    cast(n as bigint) as n,  -- Rows or people that say so.
    place_rank = 1 and count(*) over (partition by dataset, investor, place_rank) = 1
        as is_home  -- The place named most, by the most trusted source; of none if two are named equally often.
from ranked
