-- Coordinates of the ranked cities under each boundary, and of cities that have scores but no rank (preset is null).
-- A merged area stands where its city is, or between its cities that have scores: the members of an area that is not a city.
with places as (
    select distinct on (city) city, latitude, longitude from core.cities
    where latitude is not null
    order by city, is_in_register desc, geoname_id
),

members as (
    select m.preset, m.merged_into, p.city, p.latitude, p.longitude
    from core.boundaries as m
    inner join places as p on p.city = m.city
    where m.city in (select city from index.boundaries where preset = 'city')
),

ranked as (
    select b.preset, b.city, b.rank, b.score,
        coalesce(max(p.latitude), avg(o.latitude)) as latitude, coalesce(max(p.longitude), avg(o.longitude)) as longitude,
        list(o.city order by o.city) filter (where p.city is null) as members
    from index.boundaries as b
    left join places as p on p.city = b.city
    left join members as o on o.preset = b.preset and o.merged_into = b.city
    where b.measure = 'Readiness' and b.rank is not null
    group by b.preset, b.city, b.rank, b.score
)

select r.preset, r.city, r.members, r.rank, r.score, r.latitude, r.longitude, coalesce(u.is_inferred, false) as is_inferred
from ranked as r
left join uncounted as u on u.city = r.city
where r.latitude is not null
union all
select null as preset, p.city, null as members, null as rank, s.score, p.latitude, p.longitude, false as is_inferred
from places as p
inner join index.scores as s on s.city = p.city and s.measure = 'Readiness' and not s.is_ranked
inner join index.headline as h on h.year = s.year
where p.city not in (select benchmark from benchmark) and exists (select city from shown_cities)
order by preset is null, preset <> 'city', preset, rank, city
