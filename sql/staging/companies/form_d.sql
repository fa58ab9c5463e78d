select
    'form_d' as dataset,
    cast(cik as varchar) as key,
    company,
    null as company_other,
    country,
    region,
    place,
    null as founded,
    source_file,
    source_row
from landing.form_d__offerings
