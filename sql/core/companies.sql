-- One row per company that any source names, survivors and failures alike. Curated facts go before listed ones.
-- How much of what there is its sources hold differs by country and year, so its counts compare neither.
with curated as (
    select
        c.*,
        p.city as city_now,
        p.province as province_now,
        f.city as city_then
    from landing.register__companies as c
    inner join core.places as p on p.place_key = c.country || '||' || c.city
    left join core.places as f on f.place_key = c.country || '||' || c.city_founded
),

named as (
    select
        n.entity,
        s.*,
        p.level,
        p.city,
        p.province,
        p.city_country
    from staging.companies as s
    inner join core.names as n on n.mention = s.mention
    left join core.places as p on p.place_key = s.place_key
),

entities as (
    select entity, count(*) as n_names, count(distinct dataset) as n_sources
    from named
    group by entity
),

-- Of several listings: the one of the most preferred source, and of those that say where, the most exact.
placed as (
    select
        entity,
        city,
        province,
        city_country,
        row_number() over (
            partition by entity order by case level when 'city' then 0 when 'province' then 1 else 2 end, source_priority, mention
        ) as turn
    from named
    where level <> 'none'
),

founding as (
    select entity, founded, row_number() over (partition by entity order by source_priority, mention) as turn
    from named
    where founded is not null
),

first_rows as (
    select entity, company_other, source_file, source_row, row_number() over (partition by entity order by source_priority, mention) as turn
    from named
)

select
    e.entity as company,  -- Common English name if curated, else the name as printed. #unique #not_null
    case when c.company is null then r.company_other else c.company_zh end as company_zh,  -- Chinese or other name.
    coalesce(c.country, p.city_country) as country,  -- Country of the operating headquarters, or of the seat where only a list of shares names one; null if unknown.
    case when c.company is null then p.province else c.province_now end as province,  -- Province or state, where known.
    case when c.company is null then p.city else coalesce(c.city_then, c.city_now) end
        as city_founded,  -- City at founding; the present one where not recorded. #in core.cities.city
    c.city_founded is null as is_city_founded_assumed,  -- The city at founding is not recorded, so the present one is used.
    case when c.company is null then p.city else c.city_now end
        as city,  -- City now, or when it ended; null if no source gives more than the province. #in core.cities.city
    c.city_since,  -- Year since which it is there, if it moved; null where not recorded.
    coalesce(c.founded, f.founded) as founded,  -- Year founded, where known.
    c.sector,  -- Main sector, where curated.
    c.listing_exchange,  -- Exchange of the first listing.
    c.listing_year,  -- Year of the first listing.
    c.unicorn_year,  -- First year valued at US$1bn or more while private.
    c.exit_how,  -- Acquisition, merger or closure.
    c.exit_year,  -- Year in which it ended.
    c.acquirer,  -- Who acquired it or merged with it.
    c.exit_value_usd_m,  -- Published price, millions of US dollars.
    c.parent,  -- Company from which it was spun off or in which it was incubated.
    c.main_market,  -- Country with the largest share of revenue; outsourcing only.
    c.company is not null as is_in_register,  -- The company is in the register.
    e.n_sources,  -- Number of sources that name it.
    e.n_names,  -- Number of rows that list it in them.
    c.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    coalesce(c.source_file, r.source_file) as source_file,  -- File that holds the row.
    coalesce(c.source_row, r.source_row) as source_row  -- Row of that file.
from entities as e
left join curated as c on c.company = e.entity
left join placed as p on p.entity = e.entity and p.turn = 1
left join founding as f on f.entity = e.entity and f.turn = 1
left join first_rows as r on r.entity = e.entity and r.turn = 1
