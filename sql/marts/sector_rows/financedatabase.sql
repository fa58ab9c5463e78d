-- Companies that list abroad are of other sectors and cities than those that list at home, and only the lists of the exchanges of
-- the mainland hold all there is of it: companies of the mainland count if they are listed there.
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
    and (c.country is null or c.country <> 'CN' or c.exchange in ('SHH', 'SHZ'))
