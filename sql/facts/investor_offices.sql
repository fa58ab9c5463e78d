-- Cities in which an investor has an office, curated in the register, elsewhere wherever the source lists people of it.
select 'register' as dataset, investor, city as unit from core.investor_offices
union
select dataset, investor, unit from core.investor_places where dataset not in ('register', 'all')
