"""Tell in which file the rows of each landing table are."""

from pathlib import Path

from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of


def files() -> dict[str, Path]:
    """Return the file of every landing table, ``landing.<source>__<table>``.

    That of a source that is not selected, or has not landed under its present contract, has no rows, so that every model builds
    whatever is loaded.
    """
    chosen = {source.name for source in sources.selected()}
    return {
        f"landing.{source.name}__{table.name}": (landing_of(source, table) if source.name in chosen else None)
        or empty_landing(source, table)
        for source in sources.ALL
        for table in source.tables
    }
