select
    'register' as dataset,
    company as company_key,
    company,
    null as country,
    cast(unicorn_year as varchar) as since,
    cast(sector as varchar) as industry,
    case
        when listing_year is not null then 'listed'
        else cast(exit_how as varchar)
    end as exit_reason,
    source_file,
    source_row
from landing.register__companies
where unicorn_year is not null
