-- Companies at their first deal: at the city of founding in the register, at the place of that year in a list.
with numbered_deals as (
    select *, row_number() over (partition by dataset, company order by year, deal) as turn
    from staging.venture_deals
    where company is not null
)

select
    'backed_companies' as quantity,
    d.dataset as list,
    d.dataset,
    d.country,
    d.province,
    case when d.dataset = 'register' then c.city_founded else d.city end as city,
    d.year,
    1.0 as n
from numbered_deals as d
inner join core.companies as c on c.company = d.company
where d.turn = 1
