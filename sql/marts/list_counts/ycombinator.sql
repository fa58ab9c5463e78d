-- Companies in the year of their batch, at their present place; those of an unspecified batch are left out.
with batches as (
    select
        'ycombinator/company:' || cast(yc_id as varchar) as mention,
        case when batch like '% 20__' then cast(right(batch, 4) as integer) end as year
    from landing.ycombinator__companies
)

select
    'backed_companies' as quantity,
    s.dataset as list,
    s.dataset,
    coalesce(p.city_country, s.country) as country,
    p.province,
    p.city,
    b.year,
    1.0 as n
from batches as b
inner join staging.companies as s on s.mention = b.mention
left join core.places as p on p.place_key = s.place_key
where b.year is not null
