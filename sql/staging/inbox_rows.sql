-- One row per company or deal of your exports with its list and place. A row in a folder that names no place is of the folder's. #view
with read as (
    select 'deals' as kind, form, company, country, region, place, cast(null as integer) as founded, source_file, source_row
    from landing.inbox__deals
    union all
    select 'companies' as kind, form, company, country, cast(null as varchar) as region, place, founded, source_file, source_row
    from landing.inbox__companies
)

select
    coalesce(f.dataset, 'inbox') as dataset,  -- inbox, or the list of the folder. #not_null
    r.kind,  -- deals or companies. #not_null
    r.form,  -- Form of the export. #not_null
    r.company,  -- Company, as printed. #not_null
    case when r.place is null then coalesce(c.country, f.country) else c.country end as country,  -- Country, ISO alpha-2.
    r.region,  -- State or province, as printed.
    coalesce(r.place, f.folder) as place,  -- City, as printed, or the folder's name.
    r.founded,  -- Year founded, where printed.
    r.source_file,  -- File. #not_null #unique with source_row
    r.source_row  -- Row of the file. #not_null
from read as r
left join core.countries as c on c.written = lower(r.country)
left join staging.inbox_files as f on f.source_file = r.source_file
