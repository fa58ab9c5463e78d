-- One row per university, source, year and measure of its research, at its city.
with placed as (
    select
        n.entity,
        p.city,
        p.province,
        row_number() over (
            partition by n.entity order by case p.level when 'city' then 0 else 1 end, u.trust, u.mention
        ) as turn
    from staging.universities as u
    inner join core.names as n on n.mention = u.mention
    inner join core.places as p on p.place_key = u.place_key
    where p.level <> 'none'
),

figures as (
    select
        'openalex/university:' || openalex_id as mention,
        'openalex' as dataset,
        country,
        year,
        'works' as measure,
        cast(works as double) as value,
        source_file,
        source_row
    from landing.openalex__works
    union all
    select
        'openalex/university:' || openalex_id as mention,
        'openalex' as dataset,
        country,
        year,
        'top10_works' as measure,
        cast(top10_works as double) as value,
        source_file,
        source_row
    from landing.openalex__works
    union all
    select
        'csrankings/university:' || f.institution as mention,
        'csrankings' as dataset,
        coalesce(c.country, 'US') as country,
        null as year,
        'cs_faculty' as measure,
        f.faculty as value,
        f.source_file,
        f.source_row
    from landing.csrankings__faculty as f
    left join landing.csrankings__country_info as i on i.institution = f.institution
    left join core.countries as c on c.written = lower(i.country)
)

select
    n.entity as university,  -- University. #not_null
    n.name as university_printed,  -- Name as printed.
    f.dataset,  -- Source. #not_null
    f.country,  -- Country.
    p.province,  -- Province or state, where a source of its place is loaded.
    p.city,  -- City, where a source of its place is loaded.
    f.year,  -- Year; null for a list without one.
    f.measure,  -- works, top10_works or cs_faculty. #not_null
    f.value,  -- Works; works among the world's most cited tenth; names on the list, split over institutions. #check value >= 0
    f.source_file,  -- File the row stands in.
    f.source_row  -- Row of that file.
from figures as f
inner join core.names as n on n.mention = f.mention
left join placed as p on p.entity = n.entity and p.turn = 1
