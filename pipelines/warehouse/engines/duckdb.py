"""Run the models in DuckDB, in the build file itself."""

import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import archive
from pipelines.warehouse.model import Model
from pipelines.warehouse.partitions import is_large, queries, views
from pipelines.warehouse.queries import parquet, quoted

if TYPE_CHECKING:
    from pipelines.resolve.names.database import Database

#: Settings of DuckDB while models run. Aggregating before a join pays only if few groups remain, and here almost every row is
#: a group of its own. Memory that is freed or written is released at once, because it counts beside the memory limit.
SETTINGS: dict[str, str] = {
    "disabled_optimizers": "partial_aggregate_pushdown",
    "allocator_flush_threshold": "16MB",
    "allocator_bulk_deallocation_flush_threshold": "64MB",
    "write_buffer_row_group_count": "2",
}


class DuckDB:
    """Build every table in the connection's own database."""

    #: Models that are built at a time: DuckDB reads a table of ordinary size with one thread.
    at_a_time = 2

    def land(self, connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
        """Make a landing file visible as ``table``."""
        connection.execute(f"create or replace view {table} as from read_parquet({quoted(parquet(path))})")

    def write(self, connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
        """Replace ``table`` by ``frame``, through a Parquet file because sharing memory would need pyarrow."""
        with tempfile.NamedTemporaryFile(dir=settings.DATA, prefix=archive.PART, suffix=".parquet") as file:
            frame.write_parquet(file.name)
            connection.execute(f"create or replace table {table} as from read_parquet({quoted(parquet(Path(file.name)))})")

    def lend(self, facts: pl.DataFrame, names: pl.DataFrame) -> "AbstractContextManager[Database]":
        """Lend a database in which names are compared."""
        # Imported here because it loads slowly, and a refresh that finds nothing new compares no names.
        from pipelines.resolve.names.database import lend

        return lend(facts, names)

    def build(self, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        """Make the model's table; make a large one part by part, so that groups and joins fit into memory, or leave it a view."""
        is_view = model.is_view and is_large(connection, model)
        if is_view != (model.table in views(connection)):
            # Nothing replaces a table by a view, or a view by a table.
            connection.execute(f"drop {'table' if is_view else 'view'} if exists {model.table}")
        if is_view:
            connection.execute(f"create or replace view {model.table} as\n{model.sql}")
            return
        first, *others = queries(connection, model)
        if model.order and is_large(connection, model):
            first = f"from (\n{first}\n) order by {model.order}"
        connection.execute(f"create or replace table {model.table} as\n{first}")
        for query in others:
            connection.execute(f"insert into {model.table}\n{query}")
