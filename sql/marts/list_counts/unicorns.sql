-- Companies in the year in which they became unicorns, at their present city.
-- A list of today's unicorns has lost those of old that were sold or listed, so only its last five years count. The year of an
-- edition is not the year in which a company joined, so such a list is undated.
with joined as (
    select
        dataset,
        coalesce(company, company_printed) as company,
        min(country) as country,
        min(city) as city,
        min(case when length(since) = 10 then cast(substr(since, 1, 4) as integer) end) as year
    from core.unicorns
    where dataset <> 'register'
    group by dataset, coalesce(company, company_printed)
),

listed as (
    select *, max(year) over (partition by dataset) as last_year from joined
)

select
    'unicorns' as quantity,
    'register' as list,
    'register' as dataset,
    country,
    province,
    city,
    unicorn_year as year,
    1.0 as n
from core.companies
where is_in_register and unicorn_year is not null
union all
select
    'unicorns' as quantity,
    u.dataset as list,
    u.dataset,
    u.country,
    k.province,
    u.city,
    u.year,
    1.0 as n
from listed as u
left join core.companies as k on k.company = u.company and k.country = u.country
where u.last_year is null or u.year > u.last_year - 5
