-- The first deal of each company: at the city of founding in the register, at the city of that year in a list.
with numbered_deals as (
    select
        d.dataset,
        d.company,
        d.city,
        d.year,
        d.source,
        d.url,
        d.source_file,
        d.source_row,
        row_number() over (partition by d.dataset, d.company order by d.year, d.deal) as turn
    from staging.venture_deals as d
    where d.company is not null
)

select
    'backed_companies' as indicator,
    d.dataset as list,
    d.dataset,
    case when d.dataset = 'register' then c.city_founded else d.city end as city,
    d.year,
    d.year as year_to,
    d.company,
    d.company || ', first round on record' as label,
    1.0 as value,
    d.source,
    d.url,
    d.source_file,
    d.source_row
from numbered_deals as d
inner join core.companies as c on c.company = d.company
where d.turn = 1 and case when d.dataset = 'register' then c.city_founded else d.city end is not null
