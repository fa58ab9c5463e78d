-- Offices of service firms from the year they opened, fund managers, mandates at listings, and connectivity in the networks of
-- service firms. A city that is not on the list of connectivity is not measured.
select
    'services' as indicator,
    list,
    dataset,
    city,
    opened as year,
    label,
    n as value,
    source,
    url,
    source_file,
    source_row
from staging.counted_services
where city is not null
