-- The metro is that of the town's name: Richmond of Virginia is in SF Bay too.
select
    'crunchbase_2013' as dataset,
    company_key,
    company,
    country,
    case when metro = 'SF Bay' and region = 'CA' then 'SF Bay' when country in ('USA', 'CAN') then region end as region,
    place,
    acquirer,
    acquirer_country,
    case
        when acquirer_metro = 'SF Bay' and acquirer_region = 'CA' then 'SF Bay'
        when acquirer_country in ('USA', 'CAN') then acquirer_region
    end as acquirer_region,
    acquirer_place,
    acquired_at,
    acquired_year,
    price,
    price_currency,
    source_file,
    source_row
from landing.crunchbase_2013__acquisitions
