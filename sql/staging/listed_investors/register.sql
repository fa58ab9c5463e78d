-- An investor that the register has as a company alone is at home where that company is.
with named as (
    select distinct trim(unnest(string_split_regex(investors, '[|]'))) as investor from landing.register__deals
)

select
    'register' as dataset,
    investor as key,
    investor,
    investor_zh as investor_other,
    true as is_home,
    country,
    home_city as place,
    1 as n,
    source_file,
    source_row
from landing.register__investors
union all
select
    'register' as dataset,
    c.company as key,
    c.company as investor,
    c.company_zh as investor_other,
    true as is_home,
    c.country,
    c.city as place,
    1 as n,
    c.source_file,
    c.source_row
from landing.register__companies as c
inner join named as n on n.investor = c.company
left join landing.register__investors as i on i.investor = c.company
where i.investor is null
