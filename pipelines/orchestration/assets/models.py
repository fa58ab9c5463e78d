"""The SQL models as assets: one step builds a chain of them in one process, each its own asset with its checks."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb

from pipelines import settings
from pipelines.ingest import archive
from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import promises
from pipelines.orchestration.assets.landing import OWNER
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.assets.schemas import TURNS
from pipelines.orchestration.ui import metadata, plots
from pipelines.warehouse import database, versions
from pipelines.warehouse.checks import Outcome, enforce, examine
from pipelines.warehouse.model import Model, of_project

MODELS = of_project()


def _turns(models: list[Model]) -> dict[str, int]:
    """Return the turn of every table; ``models`` come in the order of their dependencies."""
    turns = {table.table: turn for turn, tables in enumerate(TURNS.values()) for table in tables}
    for model in models:
        turns[model.table] = max((turns.get(table, 0) for table in model.depends), default=0)
    return turns


def _spec(model: Model) -> dg.AssetSpec:
    summary = metadata.summary(model.doc)
    return dg.AssetSpec(
        asset_key(model.table),
        deps=[asset_key(table) for table in model.depends],
        description=summary.pop("description"),
        group_name=model.schema,
        kinds={"duckdb", "sql"},
        owners=[OWNER],
        code_version=model.code_version,
        metadata=summary | {"query": dg.MetadataValue.md(f"```sql\n{model.sql}\n```")},
    )


def table_metadata(connection: duckdb.DuckDBPyConnection, model: Model, height: int) -> dict[str, Any]:
    """Return what the UI shows of the table just built."""
    schema = database.columns(connection)
    types = schema[model.schema][model.name]
    few = "" if model.table in plots.PLOTS else f"limit {metadata.PREVIEW_ROWS}"
    frame = database.query(connection, f"from {model.table} {few}")
    described = [(column.name, types[column.name], column.doc) for column in model.columns]
    return {
        **metadata.columns(described),
        **metadata.rows(model.table, frame, height),
        **metadata.lineage(_lineage(model, schema)),
    }


def _lineage(model: Model, schema: dict[str, dict[str, dict[str, str]]]) -> metadata.Lineage:
    """Return where each column comes from; it is kept by query and types, since finding it takes a third of a build."""
    types = [schema[folder][name] for folder, _, name in (table.partition(".") for table in model.depends)]
    key = hashlib.sha256(json.dumps([model.sql, types]).encode()).hexdigest()[:16]
    file = settings.DAGSTER / "lineage" / f"{key}.json"
    if not file.exists():
        # Imported here because what it needs takes a quarter of a second to import.
        from pipelines.warehouse.lineage import lineage

        archive.write_atomically(file, json.dumps(lineage(model, schema)).encode())
    return json.loads(file.read_bytes())


def _examined(connection: duckdb.DuckDBPyConnection, model: Model) -> list[Outcome]:
    return [examine(connection, model.table, check) for check in model.checks]


def _as_it_is(connection: duckdb.DuckDBPyConnection, model: Model) -> dg.AssetCheckResult:
    """Return what the check says of the present table; raise InputError if there is none."""
    try:
        return promises.result(model.table, _examined(connection, model))
    except duckdb.CatalogException as error:
        raise versions.not_made(model.table) from error


def _made(connection: duckdb.DuckDBPyConnection, model: Model, version: str, rows: int) -> Iterator[dg.MaterializeResult[Any]]:
    outcomes = _examined(connection, model)
    yield dg.MaterializeResult(
        asset_key(model.table),
        metadata=table_metadata(connection, model, rows),
        check_results=[promises.result(model.table, outcomes)] if outcomes else [],
    )
    enforce(model.table, outcomes)
    versions.note(connection, model.table, version)


def models_asset(name: str, models: list[Model]) -> dg.AssetsDefinition:
    """Return a step that builds ``models`` that are out of date, each after those it reads, until the checks of one fail."""

    @dg.multi_asset(
        name=name,
        specs=[_spec(model) for model in models],
        check_specs=[promises.spec(model.table, model.checks) for model in models if model.checks],
        can_subset=True,
        required_resource_keys={run_settings.KEY},
    )
    def build_models(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        alone = {check.asset_key for check in promises.executed_alone(context)}
        with database.connect() as connection:
            yield from (_as_it_is(connection, model) for model in models if asset_key(model.table) in alone)
            chosen = [model for model in models if asset_key(model.table) in context.selected_asset_keys]
            for model, version, rows in database.build_all(connection, chosen):
                if rows is None:
                    yield promises.kept(context, model.table, is_checked=bool(model.checks))
                else:
                    yield from _made(connection, model, version, rows)

    return build_models


TURN_OF = _turns(MODELS)
ASSETS = [models_asset(name, [model for model in MODELS if TURN_OF[model.table] == turn]) for turn, name in enumerate(TURNS)]
