-- One row per company that a source lists as closed, with the dates of founding and closing. Which closures a source lists
-- depends on its attention, so compare ages and shares rather than numbers.
with listed as (
    select *, row_number() over (partition by company_mention order by source_file, source_row) as turn
    from branches
)

select
    l.dataset,  -- Source. #not_null
    n.entity as company,  -- Company closed. #in core.companies.company
    s.company as company_printed,  -- Name as printed.
    p.city_country as country,  -- Country of the company.
    p.province,  -- Province or state of the company.
    p.city,  -- City of the company; null if the source gives the province only.
    l.founded,  -- Founded: YYYY or YYYY-MM, as text; left(founded, 4)::int is the year.
    l.closed,  -- Closed: YYYY or YYYY-MM-DD; null if unknown.
    cast(substr(l.closed, 1, 4) as integer) as closed_year,  -- Year closed.
    cast(substr(l.closed, 1, 4) as integer) - cast(substr(l.founded, 1, 4) as integer)
        as age,  -- Years from founding to closing, as the difference of the two years. #check age >= 0
    l.funding,  -- Last round or end, as printed.
    l.source_file,  -- File that holds the row. #not_null
    l.source_row  -- Row of that file. #not_null
from listed as l
inner join staging.companies as s on s.mention = l.company_mention
left join core.names as n on n.mention = l.company_mention
left join core.places as p on p.place_key = s.place_key
where l.turn = 1
