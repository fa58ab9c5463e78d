-- Deals of every source with the place they count for: the city where the company was founded in the register, elsewhere the
-- city or, where the source knows no more, the province. It may be in another country than the company is now. A list of one place
-- is left out, as it cannot tell that place from others.
select
    d.dataset, d.deal, d.company, d.country, d.city, d.year, d.round, d.usd_low, d.usd_high,
    case when length(d.date) >= 7 then cast(substr(d.date, 6, 2) as integer) end as month,
    case when d.dataset = 'register' then c.city_founded else coalesce(d.city, d.province || ' (province)') end as unit,
    d.dataset = 'register' or d.city is not null as is_city,
    coalesce(p.country, d.country) as unit_country
from staging.venture_deals as d
left join core.companies as c on c.company = d.company
left join core.cities as p on p.city = case when d.dataset = 'register' then c.city_founded else d.city end
anti join (from core.source_profiles where completeness in ('selection', 'largest')) as s on s.source = d.dataset
where d.company is not null
