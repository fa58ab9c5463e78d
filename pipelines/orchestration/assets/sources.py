"""What the build is made from, as tables: the sources, and every file of theirs."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg
import polars as pl

from pipelines.ingest import archive, sources
from pipelines.ingest.fetchers import replay_folder
from pipelines.ingest.landing import failure_of, landed_from, landing_path, quarantine_of
from pipelines.ingest.source import Source, Table
from pipelines.orchestration import unattended
from pipelines.orchestration.assets.landing import landing_key
from pipelines.orchestration.assets.models import asset_key
from pipelines.orchestration.assets.python_tables import materialised, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.warehouse import database

_LANDED = [landing_key(source.name, table.name) for source in sources.ALL for table in source.tables]


def _seen(source: Source, table: Table) -> str:
    """Has the table's upstream been read over the network from this archive, and when last."""
    if source.is_local:
        return "in the project"
    live = [one.retrieved_at for one in archive.snapshots(source.name) if one.table == table.name and one.via == "live"]
    return f"live {max(live)}" if live else "unverified live"


def _status(source: Source, table: Table, selected: bool) -> str:
    if not selected:
        return "not selected"
    failure = failure_of(source.name, table.name)
    if failure:
        return f"failed: {failure}"
    if landed_from(source, table):
        return "landed"
    if landing_path(source.name, table.name).exists():
        return "landed under an older contract, not used: land again"
    if source.is_local:
        return "empty"
    return "no recording" if replay_folder() else "not landed"


def row(source: Source, table: Table, selected: bool) -> dict[str, object]:
    files = landed_from(source, table) if selected else []
    rows = pl.scan_parquet(landing_path(source.name, table.name)).select(pl.len()).collect().item() if files else 0
    return {
        "source": source.name,
        "title": source.title,
        "table_name": f"landing.{source.name}__{table.name}",
        "table_title": table.title,
        "publisher": source.publisher,
        "landing_page": source.landing_page,
        "licence": source.licence,
        "licence_class": source.licence_class,
        "citation": source.citation,
        "cadence": source.cadence,
        "status": _status(source, table, selected),
        "seen": _seen(source, table),
        "n_rows": rows,
        "rows_expected_from": table.rows[0],
        "rows_expected_to": table.rows[1],
        "n_files": len(files),
        "retrieved_at": max((one.retrieved_at for one in files), default=None),
    }


def files() -> pl.DataFrame:
    rows = [
        {
            "source": source.name,
            "table_name": f"landing.{source.name}__{table.name}",
            "url": one.url,
            "via": one.via,
            "status": one.status,
            "retrieved_at": one.retrieved_at,
            "sha256": one.sha256,
            "size": one.size,
            "archived": f"{source.name}/{one.sha256}",
        }
        for source in sources.selected()
        for table in source.tables
        for one in landed_from(source, table)
    ]
    return pl.DataFrame(rows)


def quarantine() -> pl.DataFrame:
    """Every row that was kept out of a landing, and why."""
    columns = ("source", "table_name", "source_file", "source_sha256", "source_row", "column_name", "reason")
    schema = {name: pl.Int32() if name == "source_row" else pl.String() for name in columns}
    rows = [
        {"source": source.name, "table_name": f"landing.{source.name}__{table.name}"} | asdict(one)
        for source in sources.selected()
        for table in source.tables
        for one in quarantine_of(source, table)
    ]
    return pl.DataFrame(rows, schema=schema)


def _states(listed: pl.DataFrame) -> dg.MetadataValue[str]:
    """The sources at a glance: what failed first, then what has landed, then the rest."""
    order = pl.when(pl.col("status").str.starts_with("failed")).then(0).when(pl.col("n_rows") > 0).then(1).otherwise(2)
    return markdown(listed.sort(order, "source", "table_name").select("table_name", "n_rows", "status", "cadence", "seen"))


def _no_source_failed(listed: pl.DataFrame) -> dg.AssetCheckResult:
    """A warning, since a failed source does not stop a build; it names each with the error that says what to do."""
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
    specs=[
        spec("core.sources", _LANDED),
        spec("core.files", _LANDED),
        spec("core.quarantine", _LANDED),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "no_source_failed",
            asset=asset_key("core.sources"),
            description="The newest attempt at every selected source succeeded; if not, the message says what to do.",
        )
    ],
    can_subset=True,
)
def list_sources(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    database.claim(unattended.patience(context.run.tags))  # the first step of a build, so it takes the claim for all of them
    selected = {source.name for source in sources.selected()}
    listed = pl.DataFrame(
        [row(source, table, source.name in selected) for source in sources.ALL for table in source.tables],
        infer_schema_length=None,
    ).with_columns(pl.col("retrieved_at").cast(pl.String))
    with database.connect() as connection:
        made = {"core.sources": listed, "core.files": files(), "core.quarantine": quarantine()}
        for table, frame in made.items():
            if asset_key(table) in context.selected_asset_keys:
                database.write(connection, table, frame)
                yield materialised(table, frame, **({"states": _states(frame)} if table == "core.sources" else {}))
    if context.selected_asset_check_keys:
        yield _no_source_failed(listed)


ASSETS = [list_sources]
