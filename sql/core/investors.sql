-- One row per investor that any source names, at the city where most of its investing people work.
with entities as (
    select entity as investor, count(distinct dataset) as n_sources, count(*) as n_names
    from core.names
    where kind = 'investor'
    group by entity
),

curated as (
    select
        i.investor,
        i.investor_zh,
        i.kind,
        i.country,
        p.city,
        i.founded,
        i.owner_country,
        i.basis,
        i.source,
        i.url,
        i.source_file,
        i.source_row
    from landing.register__investors as i
    inner join core.places as p on p.place_key = i.country || '||' || i.home_city
)

select
    e.investor,  -- Common name. #unique #not_null
    c.investor_zh,  -- Chinese name.
    c.kind,  -- Kind of investor, where curated.
    coalesce(c.country, h.country) as country,  -- Country of the home office, where known.
    case when c.investor is null then h.city else c.city end as city,  -- Home city, where known. #in core.cities.city
    case when c.investor is null then h.province end as province,  -- Home province; null for curated investors, which have a city.
    c.owner_country,  -- Country of the group that owns it, where the register names another than that of its home.
    c.founded,  -- Year of founding, of the company where a company invests.
    c.investor is not null as is_in_register,  -- The investor is in the register.
    e.n_sources,  -- Number of sources that name it.
    e.n_names,  -- Number of spellings in them.
    c.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    c.source,  -- Where the fact was published.
    c.url,  -- Address of the page, where known.
    c.source_file,  -- File that holds the row.
    c.source_row  -- Row of that file.
from entities as e
left join curated as c on c.investor = e.investor
left join core.investor_places as h on h.dataset = 'all' and h.investor = e.investor and h.is_home
