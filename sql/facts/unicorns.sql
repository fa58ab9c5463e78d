-- Companies on worldwide lists of unicorns today, at their present city.
select u.dataset, u.company, u.country, c.city
from core.unicorns as u
left join core.companies as c on c.company = u.company
where u.exit_reason is null and u.dataset <> 'register'
