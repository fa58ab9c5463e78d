-- An amendment repeats the offering it amends, so only first notices count.
select
    'form_d:' || coalesce(accession, source_file) as report,
    'form_d' as dataset,
    cast(cik as varchar) as company_key,
    company,
    country,
    region,
    place,
    coalesce(first_sale_on, filed_on) as date,
    null as round,
    cast(cast(sold_usd as bigint) as varchar) as amount_text,
    'USD' as currency,
    sold_usd as amount_low,
    sold_usd as amount_high,
    industry_group as sector,
    source_file,
    source_row
from landing.form_d__offerings
where form = 'D'
