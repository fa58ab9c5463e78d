"""Work on the private build file, which one process makes and only publishing reads."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import polars as pl

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.warehouse import landings, lock, versions
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.duckdb import SETTINGS
from pipelines.warehouse.model import SCHEMAS, Model, branch_files
from pipelines.warehouse.partitions import is_large


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build file, with every landing table visible as ``landing.<source>__<table>``."""
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
    for table, file in landings.files().items():
        engine().land(connection, table, file)


def query(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return the result of ``sql`` as a polars frame."""
    return pl.DataFrame(connection.sql(sql))


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace ``table`` (schema.name) by ``frame``."""
    engine().write(connection, table, frame)


def build(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the model's table; return its number of rows.

    Raise InputError, which names the file and its row, if a query of the model reads what does not exist or cannot be parsed.
    """
    try:
        engine().build(connection, model)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        if problem := fault(connection, model):
            raise InputError("sql", [problem]) from None
        raise
    (rows,) = connection.execute(f"select count(*) from {model.table}").fetchall()[0]
    return int(rows)


def fault(connection: duckdb.DuckDBPyConnection, model: Model) -> Problem | None:
    """Return which file of a model DuckDB refuses, and why; None if it takes each of them by itself."""
    place = settings.SQL / model.schema / model.name
    for file in branch_files(place) if place.is_dir() else filter(Path.exists, [place.with_suffix(".sql")]):
        query = file.read_text("utf-8")
        try:
            connection.execute(f"explain {query}")
        except duckdb.Error as error:
            what, _, where = str(error).partition("\n\nLINE ")
            problem = " ".join(what.partition(": ")[2].split()).rstrip("?!.")
            row = where.partition(":")[0]
            remedy = "Correct the query"
            return Problem(str(file.relative_to(settings.SQL.parent)), problem, remedy, int(row) if row.isdigit() else None)
    return None


def build_all(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> Iterator[tuple[Model, str, int | None]]:
    """Make the tables of ``models`` that are out of date, each after those that it reads or its checks refer to.

    Yields each model with the version of its table, and its number of rows; None if the table is up to date. As many are built
    at a time as the engine says, but one that reads a large table has threads and memory for itself.
    """
    named = {model.table: model for model in models}
    order = TopologicalSorter(
        {table: ({*model.depends} | model.referred) & (named.keys() - {table}) for table, model in named.items()}
    )
    order.prepare()
    waiting: list[tuple[Model, str]] = []
    running: dict[Future[int], tuple[Model, str]] = {}
    with ThreadPoolExecutor(engine().at_a_time) as pool:
        while order.is_active():
            for table, wanted in versions.of_models(connection, [named[table] for table in order.get_ready()]).items():
                if wanted.is_made:
                    yield named[table], wanted.version, None
                    order.done(table)
                else:
                    waiting.append((named[table], wanted.version))
            while waiting and _fits(connection, waiting[0][0], [model for model, _ in running.values()]):
                model, version = waiting.pop(0)
                running[pool.submit(build, connection.cursor(), model)] = model, version
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                model, version = running.pop(future)
                yield model, version, future.result()
                order.done(model.table)


def _fits(connection: duckdb.DuckDBPyConnection, model: Model, running: Collection[Model]) -> bool:
    """Return whether a model may be built beside those that are being built."""
    has_room = len(running) < engine().at_a_time and not any(is_large(connection, each) for each in (model, *running))
    return has_room or not running


def columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    """Return the type of every column of the build, by schema and table."""
    types: dict[str, dict[str, dict[str, str]]] = {}
    rows = connection.execute("select schema_name, table_name, column_name, data_type from duckdb_columns()").fetchall()
    for schema, table, column, kind in rows:
        types.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return types
