-- Sources whose licence is not open, and of which the release remembers facts. One that is no source any more counts as open: only
-- a release that may be passed on is asked, and it goes on from such releases alone.
select distinct f.dataset
from core.fact_history as f
semi join (select source from core.sources where licence_class <> 'open') as s on s.source = f.dataset
