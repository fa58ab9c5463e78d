"""Take over what the release before remembers, as far as it has it: its tables may be of an older layout, or missing.

A release that may be passed on goes on from the newest one that may be too. What is known of others alone, the facts and names of
your own exports among it, never reaches it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.schema import TableSchema
from pipelines.warehouse import queries
from pipelines.warehouse.queries import quoted

#: How what is said of a release that may be passed on begins.
_FREE = "may be redistributed"

#: What DuckDB says of a table or column that is missing, or of another type.
_OTHER_LAYOUT = (duckdb.CatalogException, duckdb.BinderException, duckdb.ConversionException)


@dataclass(frozen=True)
class Kept:
    """Rows of the release before: the name by which queries read them, and the query that selects them from ``earlier``."""

    name: str
    sql: str
    empty: pl.DataFrame
    #: Columns that may be missing there; they are null then.
    optional: frozenset[str] = frozenset()


def kept(name: str, table: type[TableSchema], sql: str = "") -> Kept:
    """Return the rows of a table that this version makes as well."""
    optional = frozenset(column for column, declared in table.columns().items() if declared.nullable)
    return Kept(name, sql or f"from earlier.{table.table}", table.empty(), optional)


def may_be_passed_on(file: Path) -> bool:
    """Return whether a release says that it may be redistributed, and remembers no facts of a source that does not allow it.

    Return False for one that does not exist; raise InputError for one that cannot be read.
    """
    if not file.exists():
        return False
    with _readable(file), _opened(file) as connection:
        try:
            ((said,),) = connection.execute("select redistribution from core.release").fetchall()
        except _OTHER_LAYOUT:
            return False
        is_free = said.startswith(_FREE)
        with suppress(*_OTHER_LAYOUT):  # An old release remembers no facts.
            is_free = is_free and not connection.execute(queries.read("release/leaks")).fetchall()
        return is_free


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Raise InputError where a release cannot be read: to go on without it would forget history and ids for good."""
    try:
        yield
    except duckdb.Error as error:
        problem = f"the release cannot be read ({str(error).splitlines()[0]})"
        remedy = (
            "Close the program that has it open, and refresh again. If the file is damaged, restore it from a backup, or delete "
            "it: history and ids then go on from an older release, or begin anew"
        )
        raise InputError("release", [Problem(str(file), problem, remedy)]) from error


@contextmanager
def _opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection to a file, attached to one database for all of them: to start another takes longer than reading it."""
    with _reader().cursor() as connection:
        connection.execute(f"attach {quoted(file.resolve().as_posix())} as opened (read_only)")
        try:
            connection.execute("use opened")
            yield connection
        finally:
            connection.execute("use memory; detach opened")


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _before(connection: duckdb.DuckDBPyConnection) -> Path:
    """Return the file of the release from which the one being made, attached as ``published``, goes on; it may be missing."""
    ((said,),) = connection.execute("select redistribution from published.core.release").fetchall()
    if not said.startswith(_FREE):
        return settings.PUBLISHED
    kept = sorted(settings.RELEASES.glob(f"[0-9]*/{settings.PUBLISHED.name}"), reverse=True)
    return next((file for file in (settings.PUBLISHED, *kept) if may_be_passed_on(file)), settings.RELEASES / "none")


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Attach the release before as ``earlier`` inside, if there is one; raise InputError if it cannot be read."""
    file = _before(connection).resolve()
    if not file.exists():
        yield
        return
    with _readable(file):
        connection.execute(f"attach {quoted(file.as_posix())} as earlier (read_only)")
        try:
            yield
        finally:
            connection.execute("detach earlier")


def take_over(connection: duckdb.DuckDBPyConnection, *group: Kept) -> None:
    """Make a temporary table for each of the group: filled if the release before has all in a layout that fits, else empty."""
    for rows in group:
        _make_empty(connection, rows)
    try:
        for rows in group:
            _fill(connection, rows)
    except _OTHER_LAYOUT:
        for rows in group:
            _make_empty(connection, rows)


def _make_empty(connection: duckdb.DuckDBPyConnection, rows: Kept) -> None:
    connection.register("empty", rows.empty)
    connection.execute(f"create or replace temp table {rows.name} as from empty")
    connection.unregister("empty")


def _fill(connection: duckdb.DuckDBPyConnection, rows: Kept) -> None:
    """Insert the rows; raise one of ``_OTHER_LAYOUT`` if a required column is missing or a column has another type."""
    there = {column for column, *_ in connection.execute(f"from ({rows.sql}) limit 0").description or ()}
    columns = ", ".join(column for column in rows.empty.columns if column in there or column not in rows.optional)
    connection.execute(f"insert into {rows.name} by name select {columns} from ({rows.sql})")
