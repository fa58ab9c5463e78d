-- One row per source whose companies come with deals: the last year whose companies it mostly knows. A company comes into the
-- register with a deal, a listing, a sale or as a unicorn, seven years after it is founded (the median of 957 founded from 2000 to
-- 2014); into a list of deals with its first, after four (the median of 3,930 in Crunchbase founded from 2000 to 2006). Most founded
-- later have yet to. The inbox is none of these sources: its years of founding come from files of companies.
select
    dataset,  -- Source. #unique #not_null
    max(year) - case when dataset = 'register' then 7 else 4 end as last_year  -- Year. #not_null
from staging.deals
where split_part(dataset, ': ', 1) <> 'inbox'
group by dataset
