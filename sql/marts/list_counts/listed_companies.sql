-- Listed companies at their seat: by the year of listing, or those listed today; and companies by the year founded.
select
    quantity,
    list,
    dataset,
    country,
    province,
    city,
    year,
    1.0 as n
from staging.counted_listings
