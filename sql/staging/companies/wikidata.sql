select
    'wikidata' as dataset,
    wikidata_id as key,
    coalesce(company, company_zh) as company,
    case when company is not null then company_zh end as company_other,
    country,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.wikidata__companies
