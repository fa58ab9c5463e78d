-- Sources whose licence is not open, and of which the release remembers facts.
select distinct f.dataset
from core.fact_history as f
anti join (select source from core.sources where licence_class = 'open') as s on s.source = f.dataset
