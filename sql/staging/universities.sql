-- One row per university as a source lists it; which of them are one university is decided later.
with listed as (
    select
        'register' as dataset,
        1 as trust,
        university as key,
        university,
        university_zh as university_other,
        country,
        cast(null as varchar) as region,
        city as place,
        source_file,
        source_row
    from landing.register__universities
    union all
    select
        'moe' as dataset,
        2 as trust,
        university as key,
        university,
        null as university_other,
        'CN' as country,
        region,
        place,
        source_file,
        -edition * 100000 + source_row as source_row
    from landing.moe__institutions
    union all
    select
        'ror' as dataset,
        3 as trust,
        ror_id as key,
        name as university,
        name_zh as university_other,
        country,
        region,
        place,
        source_file,
        source_row
    from landing.ror__organisations
    where types like '%education%' and status = 'active'
    union all
    select
        'openalex' as dataset,
        4 as trust,
        openalex_id as key,
        institution as university,
        null as university_other,
        country,
        null as region,
        null as place,
        source_file,
        source_row
    from landing.openalex__works
    union all
    select
        'csrankings' as dataset,
        5 as trust,
        f.institution as key,
        f.institution as university,
        null as university_other,
        coalesce(c.country, 'US') as country,
        null as region,
        -- Not by round(): engines disagree on what lies half-way.
        cast(floor(g.latitude * 10000 + 0.5) / 10000 as varchar) || ',' || cast(floor(g.longitude * 10000 + 0.5) / 10000 as varchar)
            as place,
        f.source_file,
        f.source_row
    from landing.csrankings__faculty as f
    left join landing.csrankings__country_info as i on i.institution = f.institution
    left join landing.csrankings__geolocation as g on g.institution = f.institution
    left join core.countries as c on c.written = lower(i.country)
),

counted as (
    select *, row_number() over (partition by dataset, key order by source_row, source_file, region, place) as turn
    from listed
)

select
    dataset || '/university:' || key as mention,  -- Source and its own key. #unique #not_null
    dataset,  -- Source. #not_null
    trust,  -- Order in which sources are believed where they differ; 1 is the register.
    key,  -- The source's own identity for the university. #not_null
    university,  -- Name as printed. #not_null
    university_other,  -- Names in other languages, separated by |.
    country,  -- ISO 3166 alpha-2 code.
    region,  -- State or province as printed.
    place,  -- City as printed; or a point, degrees north and east.
    case
        when place is not null or region is not null
            then coalesce(country, '') || '|' || coalesce(region, '') || '|' || coalesce(place, '')
    end as place_key,  -- Country, region and place; null if the source gives no place.
    source_file,  -- File the row stands in. #not_null
    case when source_row < 0 then source_row + 100000 * cast(ceil(-source_row / 100000.0) as integer) else source_row end
        as source_row  -- Row of that file, of the newest list if there are several. #not_null
from counted
where turn = 1
