-- The founder's own company stands among the employers of this source and is left out, and so is the programme.
select
    'yc_founders_schools' as dataset,
    e.employer,
    e.founder,
    'yc_founders_schools/company:' || cast(c.yc_id as varchar) as company_mention,
    e.source_file,
    e.source_row
from landing.yc_founders_schools__employers as e
inner join landing.yc_founders_schools__founders as f on f.founder = e.founder
inner join landing.yc_founders_schools__companies as c on c.slug = f.slug
where lower(e.employer) <> lower(c.company) and lower(e.employer) <> 'y combinator'
