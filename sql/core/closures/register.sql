select
    'register' as dataset,
    'register/company:' || company as company_mention,
    cast(founded as varchar) as founded,
    cast(exit_year as varchar) as closed,
    source_file,
    source_row
from landing.register__companies
where exit_how = 'closure'
