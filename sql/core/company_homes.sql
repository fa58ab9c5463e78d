-- One row per home of a company: what happened to it counts for the home of that year. Where the year of a move is not known, its
-- present home stands for all years; where it was founded is in core.companies. A home between these two is not recorded.
-- In the register a company's first round counts where it was founded. #view
select
    company,  -- Company. #not_null #in core.companies.company #unique with first_year
    country,  -- Country; null if unknown.
    province,  -- Province or state, where known.
    city,  -- City of the headquarters; null if no source gives more than the province. #in core.cities.city
    city_since as first_year,  -- First year there; null if there from the beginning, or since an unknown year.
    cast(null as integer) as last_year  -- Last year there; null if the company has not left.
from core.companies
union all
select
    c.company,
    p.city_country as country,
    p.province,
    p.city,
    null as first_year,
    c.city_since - 1 as last_year
from core.companies as c
inner join landing.register__companies as l on l.company = c.company
left join core.places as p on p.place_key = l.country || '||' || l.city_founded
where c.city_since is not null
