-- One row per founder, company and school attended, at the city of the school if the register has it.
select
    s.founding,  -- Founder and company. #in core.founders.founding
    f.founder,  -- Founder.
    f.company,  -- Company founded.
    f.founded,  -- Year the company was founded.
    s.university,  -- University as published.
    u.city,  -- City of the university; null if the register does not have it.
    u.country,  -- Country of the university.
    s.entry_year,  -- Year of entry.
    s.graduation_year,  -- Year of graduation.
    f.source,  -- Where the fact was published.
    f.url,  -- Address of the page, where known.
    s.source_file,  -- File that holds the row.
    s.source_row  -- Row of that file.
from staging.founder_schools as s
inner join core.founders as f on f.founding = s.founding
left join core.universities as u on u.university = s.university
