-- One row per source, investor and place its people or office are in, with how many rows or people say so.
with said as (
    select
        'register' as dataset,
        1 as trust,
        'register/investor:' || investor as mention,
        country,
        cast(null as varchar) as region,
        home_city as place,
        1 as n,
        source_file,
        source_row
    from landing.register__investors
    union all
    select
        dataset,
        5 as trust,
        investor_mention as mention,
        country,
        region,
        place,
        1 as n,
        source_file,
        source_row
    from staging.deal_investors
    where place_key is not null
    union all
    select
        'itjuzi' as dataset,
        4 as trust,
        'itjuzi/investor:' || firm as mention,
        case when province in ('北美洲', '欧洲', '亚洲', '大洋洲', '非洲', '南美洲') then null else 'CN' end as country,
        province as region,
        place,
        people as n,
        source_file,
        source_row
    from landing.itjuzi__investor_firms
    where province is not null
    union all
    select
        'inbox' as dataset,
        2 as trust,
        'inbox/investor:' || l.investor as mention,
        c.country,
        null as region,
        l.place,
        1 as n,
        l.source_file,
        l.source_row
    from landing.inbox__investors as l
    left join core.countries as c on c.written = lower(l.country)
    where l.place is not null or c.country is not null
    union all
    select
        'amac' as dataset,
        3 as trust,
        'amac/investor:' || registration as mention,
        'CN' as country,
        office_region as region,
        office_place as place,
        1 as n,
        source_file,
        source_row
    from landing.amac__managers
    where office_place is not null
)

select
    dataset,  -- Source. #not_null
    min(trust) as trust,  -- Order in which sources are believed where they differ; 1 is the register.
    mention,  -- The investor as the source lists it. #not_null
    country,  -- ISO 3166 alpha-2 code.
    region,  -- State or province as printed.
    place,  -- City or district as printed.
    coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '') as place_key,  -- The three together.
    cast(sum(n) as bigint) as n,  -- Rows or people that say so.
    min(source_file) as source_file,  -- A file that says so. #not_null
    min(source_row) as source_row  -- A row of it. #not_null
from said
group by dataset, mention, country, region, place
