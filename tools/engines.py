"""The proof that engines agree: every model built again elsewhere and compared with the DuckDB build, row by row.

``python -m tools.engines`` rebuilds from ``data/build.duckdb`` on the endpoint that ``SPARK_REMOTE`` names, or on a Sail
server that it starts in this process, and prints every table that differs. Names are compared there too. Other tables that Python
makes are taken from the build: they are pure functions of tables that are compared here.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of, table_name
from pipelines.orchestration.assets.names import matched
from pipelines.warehouse import database, model
from pipelines.warehouse.engines.duckdb import DuckDB
from pipelines.warehouse.engines.spark import Spark

#: Floats may differ by this much of their size: sums are taken in another order, and models round to nine decimals, of which the
#: last differs where a number lies in the middle, as 539/1024 does.
TOLERANCE = 1.5e-9


@contextmanager
def sail() -> Iterator[str]:
    """Start a Sail server in this process, and yield its address."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    try:
        yield f"sc://{host}:{port}"
    finally:
        server.stop()


def rebuild(engine: DuckDB, reference: Path) -> Iterator[tuple[str, int, str]]:
    """Every model and the names, by ``engine``: table, rows, and how it differs from that of the file ``reference`` ("": not)."""
    models = model.read_all(settings.SQL)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{reference.as_posix()}' as want (read_only)")
        for schema in ("landing", *model.SCHEMAS):
            connection.execute(f"create schema {schema}")
        loaded = {name for (name,) in connection.execute("select distinct table_name from want.core.files").fetchall()}
        for source in sources.ALL:
            for table in source.tables:
                name = table_name(source, table)
                landed = landing_of(source, table) if name in loaded else None
                engine.land(connection, name, landed or empty_landing(source, table))
        made = {one.table for one in models}
        tables = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'want' order by all"
        for (table,) in connection.execute(tables).fetchall():
            if table not in made:
                engine.write(connection, table, database.query(connection, f"from want.{table}"))
        for one in models:
            engine.build(connection, one)
            yield compared(connection, one.table, database.query(connection, f"from {one.table}"))
        if isinstance(engine, Spark):  # DuckDB would only do what it did for the build
            yield compared(connection, "core.names", matched(connection, engine))


def compared(connection: duckdb.DuckDBPyConnection, table: str, got: pl.DataFrame) -> tuple[str, int, str]:
    """Return a table, its rows, and how they differ from those of the build file."""
    return table, got.height, difference(got, database.query(connection, f"from want.{table}"))


def difference(got: pl.DataFrame, want: pl.DataFrame) -> str:
    """Return how two tables differ, in any order of rows; "" if they do not. Floats may differ by ``TOLERANCE``."""
    if got.schema != want.schema:
        return f"columns {got.schema} instead of {want.schema}"
    if got.height != want.height:
        return f"{got.height} rows instead of {want.height}"
    floats = [name for name, kind in want.schema.items() if kind.is_float() or kind.is_decimal()]
    keys = [name for name in want.columns if name not in floats]
    order = [*keys, *(pl.col(name).cast(pl.Float64).round_sig_figs(6) for name in floats)]
    got, want = got.sort(order, nulls_last=True), want.sort(order, nulls_last=True)
    for name in want.columns:
        a, b = got[name], want[name]
        same = a.eq_missing(b)
        if name in floats:
            a, b = a.cast(pl.Float64), b.cast(pl.Float64)
            same = same | ((a - b).abs() <= TOLERANCE * b.abs().clip(1)).fill_null(False)
        if not same.all():
            row = int((~same).arg_true()[0])
            return f"{name} differs in {(~same).sum()} rows, first {a[row]!r} instead of {b[row]!r}"
    return ""


def main() -> int:
    """Print every table with its rows and difference; returns the number of tables that differ."""
    began, differing = time.perf_counter(), 0
    with ExitStack() as stack:
        remote = os.environ.get("SPARK_REMOTE") or stack.enter_context(sail())
        files = os.environ.get("SPARK_FILES") or stack.enter_context(tempfile.TemporaryDirectory())
        spark = stack.enter_context(closing(Spark(remote, files)))
        for table, rows, how in rebuild(spark, settings.BUILD):
            print(f"{table:30} {rows:>9,} rows  {how or 'equal'}", flush=True)
            differing += how != ""
    print(f"{differing} tables differ; {time.perf_counter() - began:.0f} s")
    return differing


if __name__ == "__main__":
    sys.exit(min(main(), 1))
