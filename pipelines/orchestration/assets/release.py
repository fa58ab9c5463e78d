"""The release as an asset: the last step of every refresh."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import catalogue
from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import index, names, places, sources
from pipelines.orchestration.assets.landing import OWNER, freshness
from pipelines.orchestration.assets.models import MODELS
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.assets.python_tables import wanted
from pipelines.orchestration.assets.schemas import BUILT
from pipelines.orchestration.ui.metadata import markdown
from pipelines.publish import release, release_file, state
from pipelines.resolve.names.links import Names
from pipelines.resolve.places.table import Places
from pipelines.schema import TableSchema
from pipelines.warehouse import database, fingerprint, versions

PUBLISHED = sorted({model.table for model in MODELS if model.schema in release_file.PUBLIC} | {table.table for table in BUILT})

#: Tables that a step of their own makes, with what they are made from.
_ALONE = ((Places, places.DEPS), (Names, names.DEPS))

#: What says of which tables of Python, by the version that they should have, whether they are made.
_WANTED: dict[tuple[type[TableSchema], ...], Callable[[duckdb.DuckDBPyConnection], versions.Wanted]] = {
    catalogue.TABLES: sources.wanted,
    **{(table,): partial(wanted, tables=[table], deps=deps) for table, deps in _ALONE},
    tuple(index.COMPUTED): index.wanted,
}


def require_made(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError unless every table of the build is what would be made now, and has passed its checks."""
    made = {table: now.is_made for table, now in versions.of_models(connection, MODELS).items()}
    for tables, ask in _WANTED.items():
        made |= dict.fromkeys((table.table for table in tables), ask(connection).is_made)
    problem = "has not passed its checks, or is out of date with the landed data or the code"
    remedy = "Nothing is published: run make refresh, or the job build in the UI"
    if stale := [table for table, is_made in made.items() if not is_made]:
        raise InputError("release", [Problem(table, problem, remedy) for table in stale])


def _present_or_new(context: dg.AssetExecutionContext) -> Path:
    """Return the folder of the present release if a new one would be the same, since it would push an older one out."""
    landed = fingerprint.of_landed()
    if state.input_fingerprint() == landed:
        context.log.info("Nothing is new since the present release was made, so it stays.")
        return settings.RELEASE.resolve()
    return release.publish(MODELS, BUILT, landed)


@dg.asset(
    key=["release", "nextvalley"],
    deps=[asset_key(table) for table in PUBLISHED],
    group_name="release",
    kinds={"duckdb", "parquet", "csv"},
    owners=[OWNER],
    freshness_policy=freshness("monthly"),
    required_resource_keys={run_settings.KEY},
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The DuckDB file everyone opens, with the page and other formats beside it."""
    with database.connect() as connection:
        require_made(connection)
    folder = _present_or_new(context)
    file = folder / settings.PUBLISHED.name
    with duckdb.connect(file, read_only=True) as connection:
        ranking = pl.DataFrame(connection.sql("from index.ranking where measure = 'Readiness' order by rank limit 10"))
        about = pl.DataFrame(connection.sql("from core.release")).row(0, named=True)
        before = "(select made_at - interval 1 second from core.release)"
        changed = pl.DataFrame(connection.sql(f"select measure, subject, rank_before, rank_now, change from changed({before})"))
    # Runs are found by the release they made.
    context.instance.add_run_tags(
        context.run.run_id, {"nextvalley/release": folder.name, "nextvalley/method": about["method_version"]}
    )
    return dg.MaterializeResult(
        metadata={
            "ranking": markdown(ranking.select("rank", "city", "score", "score_low", "score_high", "p_first")),
            "release": folder.name,
            "redistribution": about["redistribution"],
            "changed since the release before": markdown(changed),
            "file": dg.MetadataValue.path(settings.PUBLISHED),
            "bytes": file.stat().st_size,
            "report": dg.MetadataValue.path(settings.RELEASE / "report.html"),
            "other formats": ", ".join(sorted({path.suffix for path in folder.iterdir()})),
        }
    )


ASSETS = [published]
