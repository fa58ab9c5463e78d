with levels as (
    select 'listed companies, sector' as classification
    union all
    select 'listed companies, industry group' as classification
    union all
    select 'listed companies, industry' as classification
)

select
    'financedatabase' as dataset,
    l.classification,
    c.country,
    c.province,
    c.city,
    case l.classification
        when 'listed companies, sector' then c.sector
        when 'listed companies, industry group' then c.industry_group
        else c.industry
    end as sector,
    c.founded_year as year,
    c.company
from core.listed_companies as c
cross join levels as l
where c.dataset = 'financedatabase'
