-- Companies listed, or sold for US$50m or more or for an undisclosed price.
select
    'exits' as indicator,
    'register' as list,
    'register' as dataset,
    e.city,
    e.year,
    e.year as year_to,
    e.company,
    e.company || ', ' || e.how || coalesce(' on ' || e.exchange, '') || coalesce(' by ' || e.acquirer, '') as label,
    1.0 as value,
    e.source,
    e.url,
    e.source_file,
    e.source_row
from staging.counted_exits as e
union all
select
    'exits' as indicator,
    dataset || ': acquisitions' as list,
    dataset,
    city,
    year,
    year as year_to,
    company,
    company_printed || ', acquired' || coalesce(' by ' || acquirer, '') as label,
    1.0 as value,
    dataset as source,
    null as url,
    source_file,
    source_row
from staging.counted_sales
where city is not null
