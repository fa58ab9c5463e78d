"""Work on the private build file, which one process makes and only publishing reads."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of
from pipelines.warehouse import lock
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.duckdb import SETTINGS
from pipelines.warehouse.model import SCHEMAS, Model


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build file, with every landing table visible as ``landing.<source>__<table>``.

    Tables of sources that are not selected, or have not landed under their present contract, are empty, so that every
    model builds whatever is loaded.
    """
    lock.acquire()
    connection = duckdb.connect(settings.BUILD, config={**SETTINGS})
    try:
        with at_once(connection):
            _show_landings(connection)
        yield connection
    finally:
        connection.close()


@contextmanager
def at_once(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write to disk once for all statements inside, not once for each of them."""
    connection.begin()
    yield
    connection.commit()


def _show_landings(connection: duckdb.DuckDBPyConnection) -> None:
    for schema in ("landing", *SCHEMAS):
        connection.execute(f"create schema if not exists {schema}")
    chosen = {source.name for source in sources.selected()}
    for source in sources.ALL:
        for table in source.tables:
            landed = landing_of(source, table) if source.name in chosen else None
            engine().land(connection, f"landing.{source.name}__{table.name}", landed or empty_landing(source, table))


def query(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return the result of ``sql`` as a polars frame."""
    return pl.DataFrame(connection.sql(sql))


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace ``table`` (schema.name) by ``frame``."""
    engine().write(connection, table, frame)


def build(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the model's table; return its number of rows."""
    engine().build(connection, model)
    (rows,) = connection.execute(f"select count(*) from {model.table}").fetchall()[0]
    return int(rows)


def columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    """Return the type of every column of the build, by schema and table."""
    types: dict[str, dict[str, dict[str, str]]] = {}
    rows = connection.execute("select schema_name, table_name, column_name, data_type from duckdb_columns()").fetchall()
    for schema, table, column, kind in rows:
        types.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return types
