"""The private build file: one process makes it, nobody else reads it, and only publishing copies from it.

What belongs here: the claim to all that is made, connecting, building a model, checking it, reading and writing frames.
What does not: what the tables mean (``sql/``) or how the published file comes to be (``pipelines/publish/release``).
"""

import atexit
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from pipelines import settings
from pipelines.errors import BuildBusy
from pipelines.ingest import archive, sources
from pipelines.ingest.landing import empty_landing, landing_of
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.duckdb import SETTINGS
from pipelines.warehouse.model import SCHEMAS, Model

_lock: FileLock | None = None
_claiming = threading.Lock()


def claim(patience: float = 0.0) -> None:
    """Take everything that is made under ``data/`` for this process, until it ends: landings, build and releases.

    A whole run happens in one process, so a whole run holds it, and what it builds from stays as it is meanwhile. What a
    process left that died while it held the claim is removed. Raises BuildBusy if another process has it for longer than
    ``patience`` seconds. Taking it twice in one process is fine.
    """
    global _lock
    with _claiming:
        if _lock is not None:
            return
        settings.DATA.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.LOCK)
        holder = _holder()
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            who = f" (process {holder.read_text().strip()})" if holder.exists() else ""
            raise BuildBusy(
                f"Another refresh{who} is using {settings.BUILD.name}; it goes on. Try again when it has finished."
            ) from error
        if holder.exists():
            _discard()
        _sweep()
        archive.write_atomically(holder, str(os.getpid()).encode())
        _lock = lock
        atexit.register(release)


def is_claimed_elsewhere() -> bool:
    """Does another process hold the claim?"""
    if _lock is not None or not settings.LOCK.exists():
        return False
    try:
        with FileLock(settings.LOCK, timeout=0):
            return False
    except Timeout:
        return True


def _holder() -> Path:
    """Who holds the claim; there without a holder, it says that a process died as one."""
    return settings.LOCK.with_suffix(".pid")


def _discard() -> None:
    """Start the build file anew: nobody knows in what state a process left it that was killed."""
    for left in (settings.BUILD, settings.BUILD.with_name(f"{settings.BUILD.name}.wal")):
        left.unlink(missing_ok=True)
    shutil.rmtree(settings.BUILD.with_name(f"{settings.BUILD.name}.tmp"), ignore_errors=True)


def _sweep() -> None:
    """Remove files that were not whole yet when the process that wrote them died: only who holds the claim writes any."""
    for folder in (settings.DATA, settings.RELEASES, *settings.LANDING.glob("**"), *settings.ARCHIVE.glob("*")):
        for left in folder.glob(f"{archive.PART}*"):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()


def release() -> None:
    """Give the claim back; done by itself when the process ends."""
    global _lock
    with _claiming:
        if _lock is not None:
            _holder().unlink(missing_ok=True)
            _lock.release()
            _lock = None


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build file, with every landing table visible as ``landing.<source>__<table>``.

    Tables of sources that are not selected, or have nothing landed under their contract, are there too, without rows, so
    that every model builds whatever is loaded.
    """
    claim()
    connection = duckdb.connect(settings.BUILD, config={**SETTINGS})
    try:
        for schema in ("landing", *SCHEMAS):
            connection.execute(f"create schema if not exists {schema}")
        chosen = {source.name for source in sources.selected()}
        for source in sources.ALL:
            for table in source.tables:
                landed = landing_of(source, table) if source.name in chosen else None
                path = landed or empty_landing(source, table)
                engine().land(connection, f"landing.{source.name}__{table.name}", path)
        yield connection
    finally:
        connection.close()


def query(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """The result of ``sql`` as a polars frame."""
    return pl.DataFrame(connection.sql(sql))


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace ``table`` (schema.name) by ``frame``."""
    engine().write(connection, table, frame)


def build(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the model's table; returns its number of rows."""
    engine().build(connection, model)
    (rows,) = connection.execute(f"select count(*) from {model.table}").fetchall()[0]
    return int(rows)


def columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    """Schema → table → column → type, of everything in the build."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    rows = connection.execute("select schema_name, table_name, column_name, data_type from duckdb_columns()").fetchall()
    for schema, table, column, kind in rows:
        found.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return found
