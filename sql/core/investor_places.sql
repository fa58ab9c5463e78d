-- One row per source, investor and place where the source has its people or offices; one of the places may be its home.
with placed as (
    select
        s.dataset,
        n.entity as investor,
        p.unit,
        p.unit_level as level,
        p.city,
        p.province,
        p.city_country as country,
        sum(s.n) as n,
        min(f.priority) as priority
    from staging.investor_places as s
    inner join core.names as n on n.mention = s.mention
    inner join staging.place_units as p on p.place_key = s.place_key
    left join core.source_profiles as f on f.source = s.dataset
    where p.unit is not null
    group by s.dataset, n.entity, p.unit, p.unit_level, p.city, p.province, p.city_country
),

combined as (
    select dataset, investor, unit, level, city, province, country, n, priority from placed
    union all
    select 'all' as dataset, investor, unit, level, city, province, country, sum(n) as n, min(priority) as priority
    from placed
    group by investor, unit, level, city, province, country
),

-- A source that knows only the country yields to any source that knows more; then the source priority decides.
counted as (
    select
        *,
        sum(n) over (
            partition by dataset, investor, level = 'country', priority, country, province
        ) as n_province
    from combined
),

-- The home is in the province that most people or rows name, and there in the city named most often. If two places tie,
-- neither is the home, because only their order in a list or an alphabet could decide.
ranked as (
    select
        *,
        rank() over (
            partition by dataset, investor
            order by
                case when level = 'country' then 1 else 0 end,
                priority,
                n_province desc,
                case when level = 'city' then 0 else 1 end,
                n desc
        ) as place_rank
    from counted
)

select
    dataset,  -- Source, or all sources together. #not_null
    investor,  -- Investor. #not_null
    unit,  -- City; or province or country, marked as such, if no more is known. #not_null
    level,  -- city, province or country.
    city,  -- City; null unless the level is city.
    province,  -- Province or state, where known.
    country,  -- ISO 3166 alpha-2 code.
    cast(n as bigint) as n,  -- Rows or people that give the place.
    place_rank = 1 and count(*) over (partition by dataset, investor, place_rank) = 1
        as is_home  -- The source with the lowest priority number names this place most often, and no other place as often.
from ranked
