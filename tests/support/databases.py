"""Lend databases to tests: to start one takes longer than most tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

#: Of files of many small tables: a table takes at least a block, of which DuckDB writes 256 kB unless told otherwise.
SMALL_BLOCKS = {"default_block_size": "16384"}

_numbers = count()


@cache
def _started(role: str) -> duckdb.DuckDBPyConnection:
    """Return the database of a role: one takes a file once, so those that write and those that read have one each."""
    return duckdb.connect(config=SMALL_BLOCKS)


@contextmanager
def lent() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend an empty database, in which a file may be attached as ``published``."""
    with written(Path(":memory:")) as connection:
        try:
            yield connection
        finally:
            connection.execute("use memory; detach database if exists published")


@contextmanager
def written(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection that writes to a file, which is made if there is none."""
    name = f"written_{next(_numbers)}"
    with _started("write").cursor() as connection:
        connection.execute(f"attach '{file}' as {name}; use {name}")
        try:
            yield connection
        finally:
            connection.execute(f"use memory; detach {name}")


def opened(file: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads a file, as if it were opened by itself."""
    name = f"read_{next(_numbers)}"
    connection = _started("read").cursor()
    connection.execute(f"attach '{file}' as {name} (read_only); use {name}")
    return connection


def close(connection: duckdb.DuckDBPyConnection) -> None:
    """Close what ``opened`` returned, and let others write its file."""
    ((name,),) = connection.execute("select current_database()").fetchall()
    connection.execute(f"use memory; detach {name}")
    connection.close()
