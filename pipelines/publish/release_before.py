"""Take over what the release before remembers, as far as it has it: its tables may be of an older layout, or missing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines import settings
from pipelines.schema import TableSchema
from pipelines.warehouse.queries import quoted


@dataclass(frozen=True)
class Kept:
    """Rows of the release before: the name under which queries read them, and what they are there, attached as ``earlier``."""

    name: str
    sql: str
    empty: pl.DataFrame
    #: Columns that may be missing there; they are null then.
    optional: frozenset[str] = frozenset()


def kept(name: str, table: type[TableSchema], sql: str = "") -> Kept:
    """Return the rows of a table that this version makes as well."""
    optional = frozenset(column for column, declared in table.columns().items() if declared.nullable)
    return Kept(name, sql or f"from earlier.{table.table}", table.empty(), optional)


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Attach the published release as ``earlier`` inside, if there is one that can be read."""
    is_there = False
    if settings.PUBLISHED.exists():
        with suppress(duckdb.Error):  # A file that cannot be read gives nothing, and the release being made replaces it.
            connection.execute(f"attach {quoted(settings.PUBLISHED.resolve().as_posix())} as earlier (read_only)")
            is_there = True
    try:
        yield
    finally:
        if is_there:
            connection.execute("detach earlier")


def take_over(connection: duckdb.DuckDBPyConnection, *group: Kept) -> None:
    """Make a temporary table of each of the group; all are empty unless the release before has all, in a layout that fits."""
    for rows in group:
        _make_empty(connection, rows)
    try:
        for rows in group:
            _fill(connection, rows)
    except duckdb.Error:
        for rows in group:
            _make_empty(connection, rows)


def _make_empty(connection: duckdb.DuckDBPyConnection, rows: Kept) -> None:
    connection.register("empty", rows.empty)
    connection.execute(f"create or replace temp table {rows.name} as from empty")
    connection.unregister("empty")


def _fill(connection: duckdb.DuckDBPyConnection, rows: Kept) -> None:
    """Insert the rows; raise duckdb.Error if a column is missing that is not optional, or one is of another type."""
    there = {column for column, *_ in connection.execute(f"from ({rows.sql}) limit 0").description or ()}
    columns = ", ".join(column for column in rows.empty.columns if column in there or column not in rows.optional)
    connection.execute(f"insert into {rows.name} by name select {columns} from ({rows.sql})")
