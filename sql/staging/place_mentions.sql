-- One row per place as sources write it: country, region and place together.
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

keyed as (
    select
        *,
        coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '') as place_key,
        row_number() over (
            partition by coalesce(country, ''), coalesce(region, ''), coalesce(place, '')
            order by case when dataset = 'register' then 0 else 1 end, source_file, source_row, "column"
        ) as turn,
        sum(n) over (partition by coalesce(country, ''), coalesce(region, ''), coalesce(place, '')) as n_rows
    from written
)

select
    place_key,  -- Country, region and place, joined by |. #unique #not_null
    country,  -- Country as given, ISO alpha-2.
    region,  -- State or province as given.
    place,  -- Place as given.
    dataset as source,  -- Source of the first row that writes it so.
    dataset = 'register' as is_strict,  -- A curated row writes it so: it must resolve.
    cast(n_rows as bigint) as n,  -- Rows that write it so.
    source_file,  -- File of the first row.
    source_row,  -- Row of that file.
    "column"  -- Column of that file.
from keyed
where turn = 1
