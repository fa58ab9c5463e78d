-- One row per employer and place of the company: founders who worked there before, counted without their names. Employers of
-- fewer than three founders are left out, because so few might be recognised.
with worked as (
    select
        b.dataset,
        b.employer,
        b.founder,
        coalesce(p.city_country, c.country) as country,
        p.city,
        b.source_file,
        min(b.source_row) as source_row,
        count(*) over (partition by b.dataset, b.employer) as n_of_employer
    from branches as b
    inner join staging.companies as c on c.mention = b.company_mention
    left join core.places as p on p.place_key = c.place_key
    group by b.dataset, b.employer, b.founder, coalesce(p.city_country, c.country), p.city, b.source_file
)

select
    dataset,  -- Source. #not_null
    employer,  -- Employer, as founders write it. #not_null
    country,  -- Country of the company founded.
    city,  -- City of the company founded; null if unknown.
    count(*) as n_founders,  -- Founders who worked for the employer before. #check n_founders > 0
    source_file,  -- File that holds the rows. #not_null
    min(source_row) as source_row  -- The first of the rows. #not_null
from worked
where n_of_employer >= 3
group by dataset, employer, country, city, source_file
