"""Define the assets that list what the build is made from."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.ingest import catalogue, sources
from pipelines.ingest.landing import table_name
from pipelines.ingest.sources import inbox
from pipelines.orchestration import run_settings, unattended
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.warehouse import database, fingerprint, lock, versions

_LANDED = [table_name(source, table) for source in sources.ALL for table in source.tables]
#: What each table is made from; files and quarantined rows refer to the list of sources, which stands for every landing.
_DEPS: dict[str, list[str]] = {
    catalogue.SourceProfiles.table: [table_name(inbox.SOURCE, table) for table in inbox.SOURCE.tables],
    catalogue.Sources.table: _LANDED,
    catalogue.Files.table: [catalogue.Sources.table],
    catalogue.Quarantine.table: [catalogue.Sources.table],
}


def wanted(connection: duckdb.DuckDBPyConnection) -> versions.Wanted:
    """Return the version that the tables made here would have if they were made now: files may change while no row does."""
    return versions.wanted(connection, [table.table for table in catalogue.TABLES], fingerprint.of_landed(), ())


def _states(listed: pl.DataFrame) -> dg.MetadataValue[str]:
    """Show the sources at a glance: failed ones first, then what has landed, then the rest."""
    order = pl.when(pl.col("status").str.starts_with("failed")).then(0).when(pl.col("n_rows") > 0).then(1).otherwise(2)
    return markdown(listed.sort(order, "source", "table_name").select("table_name", "n_rows", "status", "cadence", "verified"))


def _no_source_failed(listed: pl.DataFrame) -> dg.AssetCheckResult:
    """Warn of each source that failed, with its error; a failed source does not stop a build."""
    failed = listed.filter(pl.col("status").str.starts_with("failed")).select("table_name", "status").rows()
    return dg.AssetCheckResult(
        asset_key=asset_key("core.sources"),
        check_name="no_source_failed",
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(f"{table}: {status}" for table, status in failed) or "none failed",
    )


@dg.multi_asset(
    name="list_sources",
    specs=[spec(table, _DEPS[table.table]) for table in catalogue.TABLES],
    check_specs=[
        *(check_spec(table) for table in catalogue.TABLES),
        dg.AssetCheckSpec(
            "no_source_failed",
            asset=asset_key("core.sources"),
            description="The newest attempt at every selected source succeeded; if not, the message says what to do.",
        ),
    ],
    required_resource_keys={run_settings.KEY},
)
def list_sources(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    # This is the first step of a build, so it takes the lock for all of them.
    lock.acquire(unattended.patience(context.run.tags))
    frames = catalogue.catalogue()
    listed = frames[catalogue.Sources.table]
    with database.connect() as connection:
        # Every run makes them, since they tell of failures too.
        version = wanted(connection).version
        for table in catalogue.TABLES:
            shown = {"states": _states(listed)} if table is catalogue.Sources else {}
            yield from make(connection, table, frames[table.table], version, **shown)
    yield _no_source_failed(listed)


ASSETS = [list_sources]
