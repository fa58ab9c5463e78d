-- Cities in which an investor has an office, curated in the register, elsewhere wherever the source lists people of it; and the
-- years it was open, where known. An office that a source lists needs none.
select 'register' as dataset, investor, city as unit, opened, closed, opened is not null as is_dated from core.investor_offices
union
select dataset, investor, unit, null as opened, null as closed, true as is_dated
from core.investor_places
where dataset not in ('register', 'all')
