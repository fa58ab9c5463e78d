"""Keep Dagster's record of runs open while a refresh writes to it.

Dagster opens and closes a database for every event. Whoever closes an SQLite database last writes its log back and waits for the
disk, which takes longer than all else about the event. SQLAlchemy compiles each statement anew for each database it opens, which
takes a quarter of the rest.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold open every SQLite database that is opened inside, and what is compiled for it; the end writes them to disk."""
    held: dict[str, sqlite3.Connection] = {}
    compiled: dict[Any, Any] = {}
    dialects: dict[str, Dialect] = {}

    def hold(connection: object, _: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        # Without power the last events may be lost, but no file is damaged.
        connection.execute("pragma synchronous = normal")
        ((_, _, path),) = connection.execute("pragma database_list").fetchall()
        if path and path not in held:
            held[path] = sqlite3.connect(path, check_same_thread=False)
        if path:
            # A connection takes part in the log once it has read.
            held[path].execute("select count(*) from sqlite_master").fetchall()

    def share(connection: Connection) -> None:
        # What is compiled is kept by dialect, of which every engine makes its own.
        connection.dialect = dialects.setdefault(connection.dialect.name, connection.dialect)
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "connect", hold)
    event.listen(Engine, "engine_connect", share)
    try:
        yield
    finally:
        event.remove(Engine, "connect", hold)
        event.remove(Engine, "engine_connect", share)
        for connection in held.values():
            connection.close()
