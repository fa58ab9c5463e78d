-- One row per founder and venture, the companies of the register and the earlier ones named in careers.
with split as (
    select
        founder,
        source,
        url,
        source_file,
        source_row,
        unnest(string_split_regex(earlier_ventures, '[|]')) as venture
    from staging.founders
    where lower(earlier_ventures) <> 'none'
),

named as (
    select founder, company as venture, source, url, source_file, source_row from staging.founders
    union all
    select founder, trim(venture) as venture, source, url, source_file, source_row from split
)

select
    n.founder,  -- Founder. #not_null
    n.venture,  -- Company founded. #not_null
    c.company is not null as is_in_register,  -- The venture is a company of the register.
    min(c.founded) as founded,  -- Year founded, where the register holds it.
    min(n.source) as source,  -- Where the fact was published.
    min(n.url) as url,  -- Address of the page, where known.
    min(n.source_file) as source_file,  -- File the row stands in.
    min(n.source_row) as source_row  -- First row of that file that says so.
from named as n
left join core.companies as c on c.company = n.venture
group by n.founder, n.venture, c.company is not null
