-- Companies that only rounds name are known by their permalink ("/organization/example-robotics"), and some of them by the list
-- of acquisitions. Their keys are few, and found first: so the other columns of the rounds are read for them alone.
with unlisted as (
    select distinct r.company_key
    from landing.crunchbase_2015__rounds as r
    where not exists (select 1 from landing.crunchbase_2015__companies as c where c.company_key = r.company_key)
)

select
    'crunchbase_2015' as dataset,
    company_key as key,
    company,
    country,
    case when metro = 'SF Bay Area' then 'SF Bay' when country in ('USA', 'CAN') then region end as region,
    place,
    founded_year as founded,
    source_file,
    source_row
from landing.crunchbase_2015__companies
union all
select
    'crunchbase_2015' as dataset,
    r.company_key as key,
    coalesce(r.company, a.company, replace(substr(r.company_key, 15), '-', ' ')) as company,
    coalesce(r.country, a.country) as country,
    case
        when coalesce(r.metro, a.metro) = 'SF Bay Area' then 'SF Bay'
        when coalesce(r.country, a.country) in ('USA', 'CAN') then coalesce(r.region, a.region)
    end as region,
    coalesce(r.place, a.place) as place,
    null as founded,
    r.source_file,
    r.source_row
from landing.crunchbase_2015__rounds as r
inner join unlisted as u on u.company_key = r.company_key
left join landing.crunchbase_2015__acquisitions as a on a.company_key = r.company_key
