-- Shares that the pillars of culture and returnees rest on, for the leading cities and the benchmark.
select d.name, d.city, d.value, d.numerator, d.denominator
from marts.indicator_detail as d
inner join index.headline as h on h.year = d.year
inner join core.indicators as i on i.indicator = d.indicator
where i.kind = 'share' and d.pillar_name in ('culture', 'returnees') and d.value is not null and d.denominator is not null
    and (d.city in (from leading_cities) or d.city in (select benchmark from benchmark))
order by d.pillar, d.indicator, d.city
