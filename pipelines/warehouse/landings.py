"""Tell in which file the rows of each landing table are."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of, table_name
from pipelines.ingest.spelling import Names


def require_known(tables: Iterable[str]) -> None:
    """Raise InputError, with the files of ``sql/`` that read it, for each of the ``tables`` that is a landing of no source."""
    known = Names(table_name(source, table) for source in sources.ALL for table in source.tables)
    problems = []
    for table in [table for table in tables if table.startswith("landing.") and table not in known]:
        meant = next(known.alike(table), None)
        remedy = f"Write {meant}" if meant else "Correct the name, or add the table to its source"
        pattern = re.compile(rf"\b{re.escape(table)}\b")
        for file in sorted(settings.SQL.rglob("*.sql")):
            if pattern.search(file.read_text("utf-8")):
                problems.append(Problem(f"sql/{file.relative_to(settings.SQL)}", f"no source lands {table}", remedy))
    if problems:
        raise InputError("sql", problems)


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
