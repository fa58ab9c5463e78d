-- One row per company, collector of lists and year in which a list of the collector has a deal of it.
-- Editions of one list are one list. A list that knows only the province of its companies is left out: which of them are in a
-- city is known only of those that another list has too. So is a list of one place, which has none of the others.
select
    r.company,  -- Company. #not_null #unique with list, year
    p.country,  -- Country of the city. #not_null
    c.city_founded as city,  -- City at founding; the present one where not recorded. #not_null #in core.cities.city
    s.family as list,  -- List, or lists that copy or extend each other. #not_null
    s.is_curated,  -- The project maintains the list. #not_null
    r.year,  -- Year of the deal. #not_null
    min(r.company_printed) as name  -- Name as the list prints it; the first of several. #not_null
from core.deal_reports as r
inner join core.companies as c on c.company = r.company
inner join core.cities as p on p.city = c.city_founded
inner join core.source_profiles as s on s.source = r.dataset
where (r.city is not null or s.is_curated) and s.completeness not in ('selection', 'largest')
group by r.company, p.country, c.city_founded, s.family, s.is_curated, r.year
