-- Listed companies at their seat, as exits, and in the year they were founded.
with uses (quantity, indicator) as (
    values ('exits', 'exits'), ('founders', 'founders'), ('founders', 'founder_density')
)

select
    u.indicator,
    l.list,
    l.dataset,
    l.city,
    l.year,
    l.year as year_to,
    l.company,
    l.company || ', ' || case when l.quantity = 'exits' then 'listed as ' || l.symbol else 'founded' end as label,
    1.0 as value,
    l.dataset as source,
    l.source_file,
    l.source_row
from staging.counted_listings as l
inner join uses as u on u.quantity = l.quantity
where l.city is not null
