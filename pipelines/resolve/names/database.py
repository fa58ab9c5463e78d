"""Lend databases for the SQL that compares names: of DuckDB in this process, unless the caller has others."""

import atexit
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

import duckdb
import polars as pl

if TYPE_CHECKING:
    from splink import SplinkDataFrame

#: What SQL may take beside the records; it goes to disk beyond.
_MEMORY = "2GB"

_numbers = count()


class Database(Protocol):
    """Hold the tables ``facts`` and ``names``, and those that are made from them."""

    def run(self, statements: str, variables: Mapping[str, object]) -> None:
        """Make the tables and macros of a file of ``sql/resolve``."""

    def query(self, sql: str) -> pl.DataFrame:
        """Return the rows of a query on tables that are made: a server cannot try again what it works out on the way back."""
        ...

    def splink(self, table: str) -> "SplinkDataFrame":
        """Return a table as Splink takes it."""
        ...

    def condition(self, sql: str) -> str:
        """Return a condition as Splink must be given it here, whatever macros it calls."""
        ...


#: Lends a database with ``facts`` and ``names``; what is made in it is gone afterwards.
Lend = Callable[[pl.DataFrame, pl.DataFrame], AbstractContextManager[Database]]


@dataclass(frozen=True)
class InMemory:
    """A database of DuckDB."""

    connection: duckdb.DuckDBPyConnection

    def run(self, statements: str, variables: Mapping[str, object]) -> None:
        for name, value in variables.items():
            self.connection.execute(f"set variable {name} = {value!r}")
        self.connection.execute(statements)

    def query(self, sql: str) -> pl.DataFrame:
        return pl.DataFrame(self.connection.sql(sql))

    def splink(self, table: str) -> "SplinkDataFrame":
        from splink import DuckDBAPI  # imported here because it loads slowly, and most runs have nothing to weigh

        return DuckDBAPI(self.connection).register(table)

    def condition(self, sql: str) -> str:
        return sql


@contextmanager
def lend(facts: pl.DataFrame, names: pl.DataFrame) -> Iterator[Database]:
    name = f"step_{next(_numbers)}"
    with engine().cursor() as lent:
        lent.execute(f"attach ':memory:' as {name}; use {name}")
        try:
            lent.register("facts", facts)
            lent.register("names", names)
            yield InMemory(lent)
        finally:
            lent.execute(f"use memory; detach {name}")


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """Return what all databases are in: to start another takes longer than resolving a few names."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    return duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": folder.name})
