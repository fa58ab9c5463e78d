-- One row per source, investor and place, as far as the source says where its people or offices are; one of them is its home.
with named as (
    select
        s.dataset,
        n.entity as investor,
        p.level,
        p.city,
        p.province,
        p.city_country as country,
        case p.level
            when 'city' then p.city
            when 'province' then p.province || ' (province)'
            else p.city_country || ' (country)'
        end as unit,
        sum(s.n) as n,
        min(s.trust) as trust
    from staging.investor_places as s
    inner join core.names as n on n.mention = s.mention
    inner join core.places as p on p.place_key = s.place_key
    where p.level <> 'none'
    group by s.dataset, n.entity, p.level, p.city, p.province, p.city_country
),

-- Taken together, the most trusted source that knows the investor says where its home is.
together as (
    select
        'all' as dataset,
        investor,
        level,
        city,
        province,
        country,
        unit,
        sum(n) as n,
        min(trust) as trust
    from named
    group by investor, level, city, province, country, unit
),

combined as (
    select dataset, investor, level, city, province, country, unit, n, trust from named
    union all
    select dataset, investor, level, city, province, country, unit, n, trust from together
),

-- The home is in the province most people or rows name; there, in the city named most.
weighed as (
    select *, sum(n) over (partition by dataset, investor, country, coalesce(province, '')) as n_province
    from combined
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
    row_number() over (
        partition by dataset, investor
        order by trust, n_province desc, case level when 'city' then 0 when 'province' then 1 else 2 end, n desc, unit
    ) = 1 as is_home  -- The place named most, by the most trusted source.
from weighed
