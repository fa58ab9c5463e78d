"""Run the models on a Spark Connect endpoint; tables go there and come back as Parquet files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.resolve.names.database import Database
from pipelines.warehouse.engines.dialect import parsed, spark_sql, view
from pipelines.warehouse.engines.duckdb import DuckDB
from pipelines.warehouse.engines.spark_database import SparkDatabase
from pipelines.warehouse.model import Model
from pipelines.warehouse.partitions import views
from pipelines.warehouse.queries import quoted


class Spark(DuckDB):
    """Build every table on the endpoint, and show it in the connection's database."""

    at_a_time = 1

    def __init__(self, remote: str, files: str):
        from pyspark.sql import SparkSession

        self.files = files.rstrip("/")
        self._session: Any = SparkSession.builder.remote(remote).getOrCreate()
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._landed: dict[str, str] = {}
        self._sent: dict[str, float] = {}

    def land(self, connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
        super().land(connection, table, path)
        self._landed[table] = path.as_posix()
        if _is_remote(self.files):
            self._landed[table] = file = f"{self._folder(table)}.parquet"
            if self._sent.get(file) != (modified := path.stat().st_mtime):
                pl.scan_parquet(path, glob=False).sink_parquet(file)
                self._sent[file] = modified

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
        super().write(connection, table, frame)
        frame.write_parquet(f"{self._emptied_folder(table)}/part.parquet", mkdir=True)

    def build(self, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        for table in model.depends:
            self._session.read.parquet(self._landed.get(table, self._folder(table))).createOrReplaceTempView(view(table))
        self._session.sql(spark_sql(parsed(model.sql)[0])).write.mode("overwrite").parquet(self._emptied_folder(model.table))
        kind = "view" if model.table in views(connection) else "table"
        connection.execute(f"drop {kind} if exists {model.table}")
        with tempfile.TemporaryDirectory() as folder:
            parts = self._parts(model.table, Path(folder))
            for files in parts:
                self._show(connection, model, files)
        if not parts:  # An engine may write no file for a table without rows, but models that read it need its columns.
            self.write(connection, model.table, pl.DataFrame(connection.sql(f"select * from ({model.sql}) where false")))

    def _show(self, connection: duckdb.DuckDBPyConnection, model: Model, files: str) -> None:
        """Copy the files of a table into the connection's database, or leave them where they are and make a view of them.

        ``staging`` is larger than all that is made from it, and little of it is read here. Files in an object store are copied,
        because DuckDB reads none there without an extension.
        """
        # DuckDB decides the types, because the published file must not depend on the engine.
        types = connection.execute(f"describe {model.sql}").fetchall()
        columns = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind, *_ in types)
        kind = "view" if model.schema == "staging" and not _is_remote(self.files) else "table"
        connection.execute(f"create {kind} {model.table} as select {columns} from read_parquet({quoted(files)})")

    @contextmanager
    def lend(self, facts: pl.DataFrame, names: pl.DataFrame) -> Iterator[Database]:
        folder = self._emptied_folder("names")
        try:
            yield SparkDatabase(self._session, folder, facts=facts, names=names)
        finally:
            self._emptied_folder("names")

    def close(self) -> None:
        """End the session, because a client whose server is gone delays the end of the process by minutes."""
        self._session.stop()

    def _folder(self, table: str) -> str:
        return f"{self.files}/{table}"

    def _emptied_folder(self, table: str) -> str:
        """Return the folder of the table, after removing what it holds."""
        if not _is_remote(self.files):
            shutil.rmtree(self._folder(table), ignore_errors=True)
        return self._folder(table)

    def _parts(self, table: str, download: Path) -> list[str]:
        """Return the table's files as DuckDB reads them; those in an object store are copied to ``download`` first."""
        if not _is_remote(self.files):
            folder = Path(self._folder(table))
            return [f"{folder.as_posix()}/*.parquet"] if any(folder.glob("*.parquet")) else []
        with suppress(pl.exceptions.ComputeError):  # A table without rows has no file.
            pl.scan_parquet(f"{self._folder(table)}/*.parquet").sink_parquet(download / "part.parquet")
        return [file.as_posix() for file in download.iterdir()]


def _is_remote(files: str) -> bool:
    return "://" in files
