"""Keep Dagster's record of runs open while a refresh writes to it.

Dagster opens and closes a database for every event. To open one takes longer than to write an event, and whoever closes an
SQLite database last writes its log back and waits for the disk. SQLAlchemy compiles each statement anew for each database it
opens, which takes a quarter of the rest.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event


class _Kept(sqlite3.Connection):
    """A connection that waits among the ``idle`` ones of its database when it is closed."""

    idle: list["_Kept"] | None = None

    def close(self) -> None:
        if self.idle is None:
            super().close()
        else:
            self.idle.append(self)


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold open every SQLite database that is opened inside, and what is compiled for it; the end writes them to disk."""
    idle: defaultdict[str, list[_Kept]] = defaultdict(list)
    every: list[_Kept] = []
    compiled: dict[Any, Any] = {}
    dialects: dict[str, Dialect] = {}

    def connect(dialect: Dialect, _: object, given: list[Any], named: dict[str, Any]) -> _Kept | None:
        if dialect.name != "sqlite" or given[0] in ("", ":memory:"):
            return None
        waiting = idle[given[0]]
        if waiting:
            return waiting.pop()
        connection = _Kept(*given, **named | {"check_same_thread": False})
        connection.idle = waiting
        every.append(connection)
        # Without power the last events may be lost, but no file is damaged.
        connection.execute("pragma synchronous = normal")
        return connection

    def share(connection: Connection) -> None:
        # What is compiled is kept by dialect, of which every engine makes its own.
        connection.dialect = dialects.setdefault(connection.dialect.name, connection.dialect)
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "do_connect", connect)
    event.listen(Engine, "engine_connect", share)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", connect)
        event.remove(Engine, "engine_connect", share)
        for connection in every:
            connection.idle = None
        for waiting in idle.values():
            for connection in waiting:
                connection.close()
