-- One row per city, census of China and class of industry or occupation: its share of employed people, and location quotient.
-- The counts come from a tenth of households, so only their shares are given. Boundaries are those of the census year; Chaohu,
-- divided in 2011, is left out of its city but counts for the country.
with sampled as (
    select
        case when not (l.year = 2010 and l.place = '巢湖市') then p.city end as city,
        l.year,
        cast(l.kind as varchar) as kind,
        l.class_name,
        l.n_sampled,
        l.n_all,
        l.source_file,
        l.source_row
    from landing.census_county__employment as l
    left join core.places as p on p.place_key = 'CN|' || l.region || '|' || l.place
),

country as (
    select year, kind, class_name, sum(n_sampled) * 1.0 / sum(sum(n_sampled)) over (partition by year, kind) as share
    from sampled
    group by year, kind, class_name
),

cities as (
    select
        city,
        year,
        kind,
        class_name,
        sum(n_sampled) * 1.0 / sum(n_all) as share,
        min(source_file) as source_file,
        min(source_row) as source_row
    from sampled
    where city is not null
    group by city, year, kind, class_name
)

select
    c.city,  -- City. #not_null #in core.cities.city #unique with year, kind, class_name
    c.year,  -- Census year. #not_null
    c.kind,  -- industry or occupation. #not_null
    c.class_name,  -- Industry or occupation; what counts as one differs slightly between the censuses. #not_null
    c.share,  -- Share of employed people in the city; no row where the census leaves the class blank. #check share between 0 and 1
    k.share as country_share,  -- Share in the country.
    case when k.share > 0 then c.share / k.share end as quotient,  -- Location quotient: the first share over the second.
    c.source_file,  -- File that holds the rows. #not_null
    c.source_row  -- First of the rows. #not_null
from cities as c
inner join country as k on k.year = c.year and k.kind = c.kind and k.class_name = c.class_name
