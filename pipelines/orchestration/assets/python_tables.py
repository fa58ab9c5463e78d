"""What every asset that Python makes has in common: its declaration, its check, and what it says of itself when made."""

import fnmatch
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import dagster as dg
import polars as pl
from duckdb import DuckDBPyConnection

from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import promises
from pipelines.orchestration.assets.landing import OWNER
from pipelines.orchestration.assets.models import MODELS
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.assets.schemas import BUILT
from pipelines.orchestration.ui import metadata as shown
from pipelines.resolve import scope
from pipelines.schema import TableSchema
from pipelines.warehouse import checks, database, versions

_COLUMNS = [
    *(f"{model.table}.{column.name}" for model in MODELS for column in model.columns),
    *(f"{table.table}.{column}" for table in BUILT for column in table.column_names()),
]


def spec(table: type[TableSchema], deps: Iterable[str], code_version: str | None = None) -> dg.AssetSpec:
    """Return the asset of a table that is made from the tables ``deps``."""
    summary = shown.summary(table.doc())
    return dg.AssetSpec(
        asset_key(table.table),
        deps=[asset_key(dep) for dep in deps],
        description=summary.pop("description"),
        group_name=table.table.split(".")[0],
        kinds={"duckdb", "python", "polars"},
        owners=[OWNER],
        code_version=code_version,
        metadata=summary,
    )


def check_spec(table: type[TableSchema]) -> dg.AssetCheckSpec:
    """Return the check that a table keeps every promise of its declaration."""
    return promises.spec(table.table, [*checks.rules(table).values(), *checks.references(table)])


def lineage(table: type[TableSchema]) -> shown.Lineage:
    """Return the (table, column) pairs that each column is carried over or computed from.

    A column carried over comes from its namesakes among what is read, a computed one from all of it.
    """
    read = list(dict.fromkeys(name for pattern in table.reads for name in fnmatch.filter(_COLUMNS, pattern)))
    pairs = [(name.rpartition(".")[0], name.rpartition(".")[2]) for name in read]
    return {column: [pair for pair in pairs if pair[1] == column] or pairs for column in table.column_names()}


def wanted(
    connection: DuckDBPyConnection,
    tables: Iterable[type[TableSchema]],
    deps: Iterable[str],
    queries: Iterable[str] = (),
    *,
    beside: str = "",
) -> versions.Wanted:
    """Return the version of what Python makes of the tables ``deps``, the results of ``queries``, and what is ``beside`` them."""
    maker = f"{versions.python_code()} {scope.named()} {beside}"
    return versions.wanted(connection, [table.table for table in tables], maker, deps, queries)


def make(
    connection: DuckDBPyConnection, table: type[TableSchema], frame: pl.DataFrame, version: str, **metadata: Any
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write a table, check it, and yield what the UI shows of it; raise InputError if it breaks its declaration."""
    frame = table.arrange(frame)
    database.write(connection, table.table, frame)
    outcomes = checks.examine_frame(connection, table, frame)
    docs = table.column_docs()
    described = [(name, str(kind), docs[name]) for name, kind in frame.schema.items()]
    yield dg.MaterializeResult(
        asset_key(table.table),
        # First what a table has of its own, such as the ranking.
        metadata=metadata
        | shown.rows(table.table, frame, frame.height)
        | shown.columns(described)
        | shown.lineage(lineage(table)),
        check_results=[promises.result(table.table, outcomes)],
    )
    checks.enforce(table.table, outcomes)
    versions.note(connection, table.table, version)


def table_asset(
    name: str,
    table: type[TableSchema],
    deps: Iterable[str],
    made_of: Callable[[DuckDBPyConnection], tuple[pl.DataFrame, dict[str, Any]]],
) -> dg.AssetsDefinition:
    """Return the step that makes one table where it is out of date: ``made_of`` returns it, and what else the UI shows of it."""

    @dg.multi_asset(
        name=name,
        specs=[spec(table, deps)],
        check_specs=[check_spec(table)],
        required_resource_keys={run_settings.KEY},
    )
    def step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        with database.connect() as connection:
            now = wanted(connection, [table], deps)
            if now.is_made:
                yield promises.kept(context, table.table)
                return
            frame, metadata = made_of(connection)
            yield from make(connection, table, frame, now.version, **metadata)

    return step
