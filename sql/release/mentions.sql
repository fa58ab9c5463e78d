-- Every key by which a source knows an entity of the release, with the id that it would give to an entity of its own.
with keys as (
    select kind, entity, dataset, substr(mention, length(dataset) + length(kind) + 3) as key, name as printed
    from published.core.names
    union all
    select 'city', city, 'places', place_key, place from published.core.places where city is not null
    union all
    select 'city', min(city), 'geonames', geoname_id::varchar, min(municipality)
    from published.core.places
    where city is not null and geoname_id is not null
    group by geoname_id
    having count(distinct city) = 1
)

select *, substr(md5(concat_ws(chr(31), kind, dataset, key)), 1, 12) as own_id from keys
