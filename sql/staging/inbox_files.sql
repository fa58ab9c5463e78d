-- One row per file in a folder of data/inbox: the list that it belongs to, and the place that its folder is named after. #view
with files as (
    select source_file, max(country) as country from landing.inbox__deals group by source_file
    union all
    select source_file, max(country) as country from landing.inbox__companies group by source_file
    union all
    select source_file, cast(null as varchar) as country from landing.inbox__investors group by source_file
),

-- The country that rows of the folder name tells which Suzhou it is.
foldered as (
    select
        source_file,
        split_part(source_file, '/', 3) as folder,
        max(country) over (partition by split_part(source_file, '/', 3)) as country
    from files
    where source_file like 'data/inbox/%/%'
)

select
    f.source_file,  -- File. #unique #not_null
    'inbox: ' || f.folder as dataset,  -- The list, as core.source_profiles names it. #not_null
    f.folder,  -- The folder, as written. #not_null
    c.country,  -- Country that its rows name, ISO alpha-2; null if none does.
    coalesce(c.country, '') || '||' || f.folder as place_key  -- Country, region and place of the folder joined by |. #not_null
from foldered as f
left join core.countries as c on c.written = lower(f.country)
