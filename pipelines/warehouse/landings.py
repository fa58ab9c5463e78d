"""Tell in which file the rows of each landing table are."""

from collections.abc import Collection
from pathlib import Path

from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of, table_name


def files(wanted: Collection[str] | None = None) -> dict[str, Path]:
    """Return the file of every landing table, ``landing.<source>__<table>``, or of those ``wanted``.

    That of a source that is not selected, or has not landed under its present contract, has no rows, so that every model builds
    whatever is loaded.
    """
    chosen, found = sources.selected(), {}
    for source in sources.ALL:
        for table in source.tables:
            name = table_name(source, table)
            if wanted is None or name in wanted:
                landed = landing_of(source, table) if source in chosen else None
                found[name] = landed or empty_landing(source, table)
    return found
