-- One row per founder and venture: the companies of the register, and earlier ventures named in careers.
with split as (
    select
        founder,
        basis,
        source,
        url,
        source_file,
        source_row,
        unnest(string_split_regex(earlier_ventures, '[|]')) as venture
    from staging.founders
    where lower(earlier_ventures) <> 'none'
),

named as (
    select founder, company as venture, basis, source, url, source_file, source_row from staging.founders
    union all
    select founder, trim(venture) as venture, basis, source, url, source_file, source_row from split
),

ordered as (
    select
        founder,
        venture,
        basis,
        source,
        url,
        source_file,
        source_row,
        row_number() over (partition by founder, venture order by source_row) as turn
    from named
)

select
    o.founder,  -- Founder. #not_null #unique with venture
    o.venture,  -- Company founded. #not_null
    c.company is not null as is_in_register,  -- The venture is a company in the register.
    c.founded,  -- Year founded, if the register has the venture.
    o.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    o.source,  -- Where the fact was published.
    o.url,  -- Address of the page, where known.
    o.source_file,  -- File that holds the row.
    o.source_row  -- Row of that file; the first one that names the venture.
from ordered as o
left join core.companies as c on c.company = o.venture and c.is_in_register
where o.turn = 1
