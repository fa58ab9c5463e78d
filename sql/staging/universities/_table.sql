-- One row per university as a source lists it. Which rows are the same university is decided in core.names.
with mapped as (
    select
        b.dataset,
        b.key,
        b.university,
        b.university_other,
        c.country,
        b.region,
        b.place,
        b.source_file,
        b.source_row,
        row_number() over (
            partition by b.dataset, b.key
            order by coalesce(b.edition, 0) desc, b.source_row, b.source_file, b.region, b.place
        ) as turn
    from branches as b
    left join core.countries as c on c.written = lower(b.country)
)

select
    m.dataset || '/university:' || m.key as mention,  -- Source and its own key. #unique #not_null
    m.dataset,  -- Source. #not_null
    s.priority as source_priority,  -- Order in which sources are preferred where they differ; 1 is the register. #not_null
    m.key,  -- The source's own key for the university. #not_null
    m.university,  -- Name as printed. #not_null
    m.university_other,  -- Names in other languages, separated by |.
    m.country,  -- ISO 3166 alpha-2 code.
    m.region,  -- State or province as printed.
    m.place,  -- City as printed; or a point in degrees north and east.
    coalesce(m.country, '') || '|' || coalesce(m.region, '') || '|' || m.place
        as place_key,  -- Country, region and place joined by |; null if the source gives no place.
    m.source_file,  -- File that holds the row. #not_null
    m.source_row  -- Row of that file, in the newest list if there are several. #not_null
from mapped as m
left join core.source_profiles as s on s.source = m.dataset
where m.turn = 1
