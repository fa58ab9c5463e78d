-- The lead of the city with the largest stock of backed companies over the largest other one, by source, panel and year.
with leaders as (
    select dataset, panel, city, row_number() over (partition by dataset, panel order by max(stock) desc, city) as place
    from index.leads
    where is_city
    group by dataset, panel, city
)

select l.dataset, l.panel, l.year, l.city, l.rival, l.log_lead as estimate, l.low, l.high, l.flow, l.stock, l.share
from index.leads as l
inner join leaders as f on f.dataset = l.dataset and f.panel = l.panel and f.city = l.city and f.place = 1
where l.log_lead is not null
order by l.panel, l.dataset <> 'register', l.dataset, l.year
