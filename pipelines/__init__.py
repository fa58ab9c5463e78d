"""nextvalley: which city is the next Silicon Valley, how far behind is it, and how sure are we?

Sources are fetched into an archive of immutable bytes, parsed into typed landing files, modelled in
SQL into a DuckDB warehouse, turned into city indices with rank intervals and verdicts on claims, and
published as one file. Data never flows back: a stage reads only the stages before it.
"""

from pipelines import settings

__version__ = "0.1.0"

settings.compute_alike()
