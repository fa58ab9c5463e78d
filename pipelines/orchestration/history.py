"""Keep Dagster's record of runs open while a refresh writes to it.

Dagster makes an engine, and opens and closes a database, for every event. To open one takes longer than to write an event, an
engine compiles each statement anew, and whoever closes an SQLite database last writes its log back and waits for the disk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage
from sqlalchemy import event

#: Modules of Dagster that make engines of SQLite.
_MAKERS: tuple[Any, ...] = (sqlite_event_log, sqlite_run_storage, sqlite_schedule_storage)


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold open every SQLite database that Dagster opens inside, and what is compiled for it; the end writes them to disk."""
    engines: dict[str, sa.Engine] = {}

    def kept(url: str, **given: Any) -> sa.Engine:
        if url not in engines:
            given["poolclass"] = None  # That which holds connections open, which Dagster's does not.
            engines[url] = sa.create_engine(url, **given)
            event.listen(engines[url], "connect", _hurry)
            engines[url].dispose = lambda close=True: None  # type: ignore[method-assign]
        return engines[url]

    for module in _MAKERS:
        module.create_engine = kept
    try:
        yield
    finally:
        for module in _MAKERS:
            module.create_engine = sa.create_engine
        for engine in engines.values():
            sa.Engine.dispose(engine)


def _hurry(connection: Any, _: object) -> None:
    """Wait for the disk once for many events: without power the last may be lost, but no file is damaged."""
    connection.execute("pragma synchronous = normal")
