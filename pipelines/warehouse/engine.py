"""Where the SQL models run: in DuckDB here, or on any Spark Connect endpoint (Apache Spark, Sail) from the same files.

``ENGINE`` is duckdb (the default) or spark; ``SPARK_REMOTE`` is the endpoint, ``sc://host:port``; ``SPARK_FILES`` a folder
or object-store address that both it and this machine reach, by default ``data/exchange``. Another engine changes where
rows are computed and nothing else: every table it makes is handed back to the build file, with the types DuckDB gives the
query, so that places, names, checks, index, claims and release do not know of it.

What belongs here: all that depends on the engine. What does not: which tables there are (``pipelines/warehouse/model``), or what
a model must not say to run everywhere (``tools/portable``).
"""

import shutil
import tempfile
from collections.abc import Set
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import archive
from pipelines.warehouse.model import Model


def quoted(text: str) -> str:
    """``text`` as a literal of SQL, for statements that take no parameters: those that define, attach, copy or comment."""
    return "'" + text.replace("'", "''") + "'"


#: How DuckDB is set where models run. Grouping before a join as well as after it pays where few groups are left; ours are nearly
#: as many as the rows. What is freed or written goes at once: it stands in memory beside what the limit of memory counts.
SETTINGS: dict[str, str] = {
    "disabled_optimizers": "partial_aggregate_pushdown",
    "allocator_flush_threshold": "16MB",
    "allocator_bulk_deallocation_flush_threshold": "64MB",
    "write_buffer_row_group_count": "2",
}

#: Most rows of one table that a model with a ``#part`` takes in at once: what fits, joined and grouped, into 4 GB.
ROWS_AT_ONCE = 6_000_000


class DuckDB:
    """The models run in the build file itself."""

    def land(self, connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
        """Make a landing file visible as ``table``."""
        connection.execute(f"create or replace view {table} as from read_parquet({quoted(path.as_posix())})")

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
        """Replace ``table`` by ``frame``, by way of Parquet: sharing memory would take pyarrow."""
        with tempfile.NamedTemporaryFile(dir=settings.DATA, prefix=archive.PART, suffix=".parquet") as file:
            frame.write_parquet(file.name)
            connection.execute(f"create or replace table {table} as from read_parquet({quoted(file.name)})")

    def build(self, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        """Make the model's table; a large one part by part, so that groups and joins stay within memory."""
        first, *more = _queries(connection, model)
        connection.execute(f"create or replace table {model.table} as\n{first}")
        for query in more:
            connection.execute(f"insert into {model.table}\n{query}")


class Spark(DuckDB):
    """The models run on a Spark Connect endpoint; tables go to it and come back as Parquet."""

    def __init__(self, remote: str, files: str):
        from pyspark.sql import SparkSession

        self.files = files.rstrip("/")
        self._session: Any = SparkSession.builder.remote(remote).getOrCreate()
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._at: dict[str, str] = {}
        self._sent: dict[str, float] = {}

    def land(self, connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
        super().land(connection, table, path)
        self._at[table] = path.as_posix()
        if _is_remote(self.files):
            self._at[table] = f"{self._place(table)}.parquet"
            if self._sent.get(self._at[table]) != (made := path.stat().st_mtime):
                pl.scan_parquet(path).sink_parquet(self._at[table])
                self._sent[self._at[table]] = made

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
        super().write(connection, table, frame)
        frame.write_parquet(f"{self._new(table)}/part.parquet", mkdir=True)

    def build(self, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        for table in model.depends:
            self._session.read.parquet(self._at.get(table, self._place(table))).createOrReplaceTempView(_view(table))
        self._session.sql(spark_sql(model.sql)).write.mode("overwrite").parquet(self._new(model.table))
        # DuckDB says which types the query has: what is published must not depend on where it was computed.
        connection.execute(f"create or replace table {model.table} as select * from ({model.sql}) where false")
        with tempfile.TemporaryDirectory() as folder:
            parts = self._parts(model.table, Path(folder))
            for files in parts:
                connection.execute(f"insert into {model.table} by name from read_parquet({quoted(files)})")
        if not parts:  # an engine may write no file for no rows; those that read the table need its columns
            self.write(connection, model.table, pl.DataFrame(connection.sql(f"from {model.table}")))

    def close(self) -> None:
        """End the session; a client that outlives its server waits for it for minutes when the process ends."""
        self._session.stop()

    def _place(self, table: str) -> str:
        return f"{self.files}/{table}"

    def _new(self, table: str) -> str:
        """Where to write the table, with what stood there gone."""
        if not _is_remote(self.files):
            shutil.rmtree(self._place(table), ignore_errors=True)
        return self._place(table)

    def _parts(self, table: str, folder: Path) -> list[str]:
        """The table's files as DuckDB reads them; from an object store they are brought to ``folder`` first."""
        if not _is_remote(self.files):
            place = Path(self._place(table))
            return [f"{place.as_posix()}/*.parquet"] if any(place.glob("*.parquet")) else []
        with suppress(pl.exceptions.ComputeError):  # no row, no file
            pl.scan_parquet(f"{self._place(table)}/*.parquet").sink_parquet(folder / "part.parquet")
        return [file.as_posix() for file in folder.iterdir()]


def _queries(connection: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """The model's query, or one for each part of its table."""
    column = model.part
    if column is None:
        return [model.sql]
    having = (
        "select schema_name || '.' || table_name from duckdb_columns() "
        "where database_name = current_database() and column_name = ?"
    )
    tables = {table for (table,) in connection.execute(having, [column]).fetchall()} & {*model.depends}
    counts = " union all ".join(f"select {column} as part, count(*) as n from {table} group by part" for table in tables)
    largest = f"select part::varchar, max(n) from ({counts}) where part is not null group by part order by part"
    ends = [quoted(end) for end in last_values(connection.execute(largest).fetchall())]
    if not ends:
        return [model.sql]
    between = [f"{column} > {low} and {column} <= {high}" for low, high in pairwise(ends)]
    conditions = [f"{column} <= {ends[0]}", *between, f"{column} > {ends[-1]} or {column} is null"]
    return [restricted(model.sql, tables, condition) for condition in conditions]


def last_values(counts: list[tuple[str, int]]) -> list[str]:
    """The last values of all runs but the last, where a run is as many values as have ``ROWS_AT_ONCE`` rows, or one with more."""
    ends, held = [], 0
    for (value, n), (_, following) in pairwise(counts):
        held += n
        if held + following > ROWS_AT_ONCE:
            ends.append(value)
            held = 0
    return ends


def restricted(sql: str, tables: Set[str], condition: str) -> str:
    """The query with only those rows of ``tables`` that meet ``condition``."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for table in list(tree.find_all(exp.Table)):
        if f"{table.db}.{table.name}" in tables:
            rows = exp.select("*").from_(exp.to_table(f"{table.db}.{table.name}")).where(condition)
            table.replace(rows.subquery(table.alias_or_name))
    return tree.sql(dialect="duckdb", comments=False)


def _is_remote(files: str) -> bool:
    return "://" in files


def _view(table: str) -> str:
    return table.replace(".", "__")


def spark_sql(sql: str) -> str:
    """A model's query as Spark reads it: the same tree, with every table a view of one name.

    A number with a point is a decimal in both, but what a decimal becomes in division is not the same: here it is a double.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            view = exp.to_table(_view(f"{table.db}.{table.name}"))
            table.replace(exp.alias_(view, table.alias_or_name, table=True))
    for literal in list(tree.find_all(exp.Literal)):
        if literal.is_number and "." in literal.name:
            literal.replace(exp.cast(exp.Literal.string(literal.name), "double"))
    return tree.sql(dialect="spark", comments=False)


def chosen() -> str:
    """The engine as the user names it, and where its tables stand: another one, or another place, holds none of them yet."""
    return " ".join(filter(None, (settings.ENGINE.value(), settings.SPARK_FILES.value())))


def engine() -> DuckDB:
    """The engine that ``ENGINE`` names; raises InputError where it, or the address of Spark, is missing or wrong."""
    return _engine(
        settings.ENGINE.value(), settings.SPARK_REMOTE.value(), settings.SPARK_FILES.value() or settings.EXCHANGE.as_posix()
    )


@cache
def _engine(name: str, remote: str, files: str) -> DuckDB:
    if name == "duckdb":
        return DuckDB()
    if name != "spark":
        raise InputError("ENGINE", [Problem(repr(name), "is no engine", "Say duckdb or spark")])
    if not remote.startswith("sc://"):
        raise InputError("SPARK_REMOTE", [Problem(repr(remote), "is no Spark Connect endpoint", "Give one as sc://host:port")])
    try:
        return Spark(remote, files)
    except ImportError as error:
        raise InputError(
            "ENGINE", [Problem("spark", f"{error.name} is missing", "Install the packages of the extra sail in pyproject.toml")]
        ) from error
