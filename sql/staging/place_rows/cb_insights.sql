-- Companies that are on both lists stand in staging.companies as the later list prints them.
select
    'cb_insights' as dataset,
    o.country,
    o.place,
    'place' as "column",
    1 as n,
    o.source_file,
    o.source_row
from landing.cb_insights__unicorns_2021 as o
left join staging.unicorns_left as l on l.source_row = o.source_row
where l.company_key is null
