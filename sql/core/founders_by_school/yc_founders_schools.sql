-- High schools, courses and accelerators stand among the universities of this source and are left out.
select
    'yc_founders_schools' as dataset,
    s.school,
    s.founder,
    s.entry_year,
    'yc_founders_schools/company:' || cast(c.yc_id as varchar) as company_mention,
    c.batch_year as year,
    s.source_file,
    s.source_row
from landing.yc_founders_schools__schools as s
inner join landing.yc_founders_schools__founders as f on f.founder = s.founder
inner join landing.yc_founders_schools__companies as c on c.slug = f.slug
where s.kind = 'university'
