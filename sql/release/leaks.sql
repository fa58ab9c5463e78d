-- Sources whose licence is not open, and whose facts the release remembers. A source that the project has dropped counts as open:
-- only a release that may be passed on is asked, and it builds on such releases alone.
select distinct f.dataset
from core.fact_history as f
semi join (select source from core.sources where licence_class <> 'open') as s
    on s.source = split_part(f.dataset, ': ', 1)
