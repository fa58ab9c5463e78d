-- One row per founder and company, with the career before it as published. Founders of one name may be different people, so what
-- another row says of a name is not taken for this one.
select
    f.founding,  -- Readable key: founder and company. #unique #not_null
    f.founder,  -- Name as commonly published.
    f.company,  -- Company founded. #in core.companies.company #unique with founder
    c.country,  -- Country of the company.
    c.city_founded as city,  -- City of the company at founding. #in core.cities.city
    c.founded,  -- Year the company was founded.
    f.role,  -- Founder or co-founder.
    f.n_earlier_ventures,  -- Companies founded before this one; null if unknown.
    f.is_returnee,  -- Studied or worked abroad before founding; null if unknown.
    f.studied_abroad,  -- Countries of study abroad.
    f.worked_abroad,  -- Countries of work abroad.
    f.field,  -- Career before: tech, finance or other.
    f.last_employer,  -- Last employer, or own venture, before this company.
    f.is_last_employer_known,  -- It is known who the last employer was, or that there was none.
    l.city as last_employer_city,  -- City of that employer when this company was founded, if it is one in the register.
    f.basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    f.source,  -- Where the fact was published.
    f.url,  -- Address of the page, where known.
    f.source_file,  -- File that holds the row.
    f.source_row  -- Row of that file.
from staging.founders as f
left join core.companies as c on c.company = f.company
left join core.companies as e on e.company = f.last_employer and e.is_in_register
left join core.company_homes as l
    on l.company = e.company and coalesce(c.founded, 9999) between coalesce(l.first_year, 0) and coalesce(l.last_year, 9999)
