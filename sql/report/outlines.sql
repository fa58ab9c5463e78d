-- Outlines for the map: the provinces of the country that is ranked, and the countries around it; for the world all countries.
select o.level, o.geometry
from core.outlines as o
cross join index.headline as h
where
    case
        when o.level = 'province' then o.country = h.scope
        else o.country is distinct from h.scope
            or not exists (select 1 from core.outlines as p where p.level = 'province' and p.country = h.scope)
    end
order by o.level, o.source_row
