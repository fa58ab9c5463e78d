-- Companies by the city and year in which they were founded, or listed, of every list that has the year, but those of one place.
with counted as (
    select *, case quantity when 'founders' then 'founded' else 'listed' end as started
    from marts.list_counts as l
    anti join (from core.source_profiles where completeness in ('selection', 'largest')) as s on s.source = l.dataset
    where
        city is not null
        and year is not null
        and ((quantity = 'founders' and list like '%companies founded%') or (quantity = 'exits' and list like '%: listed on %'))
)

select dataset, started, country, city, year, sum(n) as n
from counted
group by dataset, started, country, city, year
