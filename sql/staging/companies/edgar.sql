select
    'edgar' as dataset,
    cast(cik as varchar) as key,
    company,
    former_names as company_other,
    country,
    region,
    place,
    source_file,
    source_row
from landing.edgar__issuers
