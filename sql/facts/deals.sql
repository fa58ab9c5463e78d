-- Deals of every source with the place they count for: the city where the company was founded in the register, elsewhere the
-- city or, where the source knows no more, the province.
select
    d.dataset, d.deal, d.company, d.country, d.city, d.year, r.round, d.usd_low, d.usd_high,
    case when length(r.date) >= 7 then cast(substr(r.date, 6, 2) as integer) end as month,
    case when d.dataset = 'register' then c.city_founded else coalesce(d.city, d.province || ' (province)') end as unit,
    d.dataset = 'register' or d.city is not null as is_city
from core.deals_by_source as d
inner join core.deal_reports as r on r.report = d.deal and r.dataset = d.dataset
left join core.companies as c on c.company = d.company
where d.company is not null
