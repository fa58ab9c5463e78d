select
    'form_d' as dataset,
    cast(cik as varchar) as key,
    company,
    country,
    region,
    place,
    source_file,
    source_row
from landing.form_d__offerings
