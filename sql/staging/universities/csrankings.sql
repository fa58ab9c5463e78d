-- The list of countries leaves out the United States.
select
    'csrankings' as dataset,
    f.institution as key,
    f.institution as university,
    coalesce(i.country, 'US') as country,
    -- Engines disagree on how round() treats a half, so the point is rounded by floor().
    cast(floor(g.latitude * 10000 + 0.5) / 10000 as varchar) || ',' || cast(floor(g.longitude * 10000 + 0.5) / 10000 as varchar)
        as place,
    f.source_file,
    f.source_row
from landing.csrankings__faculty as f
left join landing.csrankings__country_info as i on i.institution = f.institution
left join landing.csrankings__geolocation as g on g.institution = f.institution
