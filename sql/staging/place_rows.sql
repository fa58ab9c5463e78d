-- One row per source and place as it writes it: country, region and place together.
with written as (
    select 'register' as dataset, country, cast(null as varchar) as region, city as place, 'city' as "column", 1 as n, source_file, source_row
    from landing.register__companies
    union all
    select 'register', country, null, city_founded, 'city_founded', 1, source_file, source_row from landing.register__companies
    where city_founded is not null
    union all
    select 'register', country, null, home_city, 'home_city', 1, source_file, source_row from landing.register__investors
    union all
    select 'register', country, null, city, 'city', 1, source_file, source_row from landing.register__investor_offices
    union all
    select 'register', country, null, city, 'city', 1, source_file, source_row from landing.register__universities
    union all
    select 'register', country, null, city, 'city', 1, source_file, source_row from landing.register__service_firms
    union all
    select 'register', 'CN', null, city, 'city', 1, source_file, source_row from landing.register__zones
    union all
    select 'register', country, null, city, 'city', 1, source_file, source_row from landing.register__city_population
    union all
    select dataset, country, region, place, 'place', 1, source_file, source_row from staging.companies where dataset <> 'register'
    union all
    select dataset, country, region, place, 'place', 1, source_file, source_row from staging.deals where dataset <> 'register'
    union all
    select dataset, country, region, place, 'place', n, source_file, source_row from staging.investor_places
    where dataset <> 'register'
    union all
    select dataset, country, region, place, 'place', 1, source_file, source_row from staging.deal_investors
    where dataset <> 'register' and place_key is not null
    union all
    select dataset, country, region, place, 'place', 1, source_file, source_row from staging.listed_places
),

-- Few are left of many rows before any is numbered.
gathered as (
    select dataset, country, region, place, "column", source_file, min(source_row) as source_row, sum(n) as n
    from written
    group by dataset, country, region, place, "column", source_file
),

keyed as (
    select
        *,
        coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '') as place_key
    from gathered
),

numbered as (
    select
        *,
        row_number() over (partition by dataset, place_key order by source_file, source_row, "column") as turn,
        sum(n) over (partition by dataset, place_key) as n_rows
    from keyed
)

select
    dataset,  -- Source. #not_null
    place_key,  -- Country, region and place, joined by |. #not_null
    country,  -- Country as given, ISO alpha-2.
    region,  -- State or province as given.
    place,  -- Place as given.
    cast(n_rows as bigint) as n,  -- Rows of the source that write it so.
    source_file,  -- File of the first row.
    source_row,  -- Row of that file.
    "column"  -- Column of that file.
from numbered
where turn = 1
