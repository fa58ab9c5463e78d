-- One row per university, source, year and measure of its research, at its city unless it is done in many.
with placed as (
    select
        n.entity,
        p.city,
        p.province,
        row_number() over (
            partition by n.entity order by case p.level when 'city' then 0 else 1 end, u.source_priority, u.mention
        ) as turn
    from staging.universities as u
    inner join core.names as n on n.mention = u.mention
    inner join core.places as p on p.place_key = u.place_key
    where p.level <> 'none'
)

select
    n.entity as university,  -- University. #not_null
    n.name as university_printed,  -- Name as printed.
    b.dataset,  -- Source. #not_null
    c.country,  -- Country.
    p.province,  -- Province or state, where a loaded source gives its place.
    p.city,  -- City, where a loaded source gives its place; null if the research is scattered.
    b.year,  -- Year; null for a list without years.
    b.measure,  -- works, top10_works or cs_faculty. #not_null
    b.value,  -- Works; works among the world's most cited tenth; or faculty, each divided among the institutions named. #check value >= 0
    b.source_file,  -- File that holds the row.
    b.source_row  -- Row of that file.
from branches as b
inner join core.names as n on n.mention = b.dataset || '/university:' || b.university_key
left join core.countries as c on c.written = lower(b.country)
left join landing.reference__scattered_research as s on s.dataset = b.dataset and s.university = n.entity
left join placed as p on p.entity = n.entity and p.turn = 1 and s.university is null
