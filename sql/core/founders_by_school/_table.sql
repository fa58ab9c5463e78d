-- One row per school, place of the company and year of its programme: founders who studied there, counted without their names.
with
-- Names that lead to one university only.
known as (
    select lower(name) as name, min(entity) as university
    from core.names
    where kind = 'university'
    group by lower(name)
    having count(distinct entity) = 1
),

seats as (
    select
        n.entity as university,
        p.city_country as country,
        p.city,
        row_number() over (partition by n.entity order by s.source_priority, s.mention) as turn
    from staging.universities as s
    inner join core.names as n on n.mention = s.mention
    inner join core.places as p on p.place_key = s.place_key
    where p.city is not null
),

studied as (
    select
        b.dataset,
        b.school,
        b.founder,
        b.company_mention,
        b.year,
        b.source_file,
        min(b.source_row) as source_row,
        max(case when o.founder is not null then 1 else 0 end) as has_peer
    from branches as b
    left join branches as o
        on
            o.dataset = b.dataset
            and o.school = b.school
            and o.entry_year = b.entry_year
            and o.founder <> b.founder
            and o.company_mention <> b.company_mention
    group by b.dataset, b.school, b.founder, b.company_mention, b.year, b.source_file
)

select
    d.dataset,  -- Source. #not_null
    d.school,  -- School, as founders write it. #not_null
    k.university,  -- University; null if no list has it under this name.
    u.country as university_country,  -- Country of the university.
    u.city as university_city,  -- City of the university.
    coalesce(p.city_country, c.country) as country,  -- Country of the company.
    p.city,  -- City of the company; null if unknown.
    d.year,  -- Year of the company's programme. #not_null
    count(*) as n_founders,  -- Founders who studied there. #check n_founders > 0
    cast(sum(d.has_peer) as bigint)
        as n_with_peers,  -- Those among them who entered in the same year as a founder of another company. #check n_with_peers <= n_founders
    d.source_file,  -- File that holds the rows. #not_null
    min(d.source_row) as source_row  -- The first of the rows. #not_null
from studied as d
left join known as k on k.name = lower(d.school)
left join seats as u on u.university = k.university and u.turn = 1
inner join staging.companies as c on c.mention = d.company_mention
left join core.places as p on p.place_key = c.place_key
group by
    d.dataset, d.school, k.university, u.country, u.city, coalesce(p.city_country, c.country), p.city, d.year, d.source_file
