-- One row per report and year in which a duplicate of it may begin, with company and amount in US dollars. A report is listed
-- in its own year, in the next year if it or the 60 days after it reach that year, and, if curated, in the year before, because a
-- curated report may begin after its duplicate. So two reports at most 60 days apart meet in the year of the later one.
select
    r.report_number,  -- Report. #not_null
    r.dataset_number,  -- Source. #not_null
    d.dataset = 'register' as is_curated,  -- The report is in the register. #not_null
    r.year + s.step as year,  -- Year in which a duplicate of it may begin. #not_null #order
    s.step = 0 as is_own_year,  -- The report itself begins in that year.
    r.company_number,  -- Company financed. #not_null
    r.round,  -- Round in the vocabulary of data/reference/rounds.csv; unknown if the source gives none.
    r.date_low,  -- First day on which it may have been announced.
    r.date_high,  -- Last day on which it may have been announced.
    r.usd_low,  -- Lowest possible amount, US dollars at the year's average rate; null if undisclosed.
    r.usd_high  -- Highest possible amount; null if open.
from staging.reports as r
inner join staging.datasets as d on d.dataset_number = r.dataset_number
inner join (select 0 as step union all select 1 as step union all select -1 as step) as s
    on
        s.step = 0
        or (s.step = 1 and year(r.date_high + interval 60 day) > r.year)
        or (s.step = -1 and d.dataset = 'register')
where r.company_number is not null
