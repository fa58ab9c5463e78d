-- The list of countries leaves out the United States.
select
    'csrankings' as dataset,
    f.institution as university_key,
    coalesce(i.country, 'US') as country,
    'cs_faculty' as measure,
    f.faculty as value,
    f.source_file,
    f.source_row
from landing.csrankings__faculty as f
left join landing.csrankings__country_info as i on i.institution = f.institution
