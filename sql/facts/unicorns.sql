-- Companies on worldwide lists of unicorns today.
select dataset, company, country, city from core.unicorns where exit_reason is null and dataset <> 'register'
