"""Define the landing assets: one step for each source, one asset for each table."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.errors import FetchFailed, InputError, Problem
from pipelines.ingest import sources
from pipelines.ingest.fetchers import origin_of
from pipelines.ingest.landing import Landed, land, landing_of, landing_path, note_failure
from pipelines.ingest.source import Source, Table
from pipelines.orchestration import unattended
from pipelines.orchestration.ui import metadata
from pipelines.warehouse import lock

OWNER = "team:nextvalley"

#: Files of one landing listed in the UI.
FILES_SHOWN = 50

#: Days between two landings, by cadence; a source that was published once is tried monthly until it has landed.
DAYS = {"once": 31, "when edited": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}

#: Missed landings after which a source is stale; one late run is not alarming.
LATE = 2

#: Days after which a source that was published once counts as stale.
FOR_EVER = 3660


def landing_key(source: str, table: str) -> dg.AssetKey:
    return dg.AssetKey(["landing", f"{source}__{table}"])


def keys(source: Source) -> list[dg.AssetKey]:
    """Return the keys of the landing assets of a source."""
    return [landing_key(source.name, table.name) for table in source.tables]


def stale_after(source: Source) -> int:
    """Return the days after which a landing of the source is stale."""
    return FOR_EVER if source.cadence == "once" else LATE * DAYS[source.cadence] + 1


def freshness_of(source: Source) -> dg.FreshnessPolicy:
    """Return the policy that warns after one missed landing and fails after ``LATE``."""
    warn = None if source.cadence == "once" else timedelta(days=DAYS[source.cadence] + 1)
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=stale_after(source)), warn_window=warn)


def _spec(source: Source, table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        landing_key(source.name, table.name),
        description=f"{source.title}: {table.title[0].lower()}{table.title[1:]}",
        group_name="landing",
        kinds={"python", "parquet"},
        owners=[OWNER],
        tags={"licence_class": source.licence_class, "source": source.name},
        freshness_policy=freshness_of(source),
        skippable=True,
        metadata={
            "publisher": source.publisher,
            "licence": source.licence,
            "citation": source.citation,
            "landing page": source.landing_page,
            "licence class": source.licence_class,
            "cadence": source.cadence,
            "rows expected": f"{table.rows[0]}–{table.rows[1]}",
            **metadata.columns(
                (name, str(column.dtype), (column.metadata or {}).get("doc", ""))
                for name, column in table.contract.columns().items()
            ),
        },
    )


LANDED, ROWS, CONTRACT, LEGIBLE, DRIFT = (
    *("newest_attempt_landed", "rows_within_expected_range"),
    *("every_row_keeps_the_contract", "every_text_is_legible", "like_the_landing_before"),
)


def _check_specs(source: Source, table: Table) -> list[dg.AssetCheckSpec]:
    rate = f"{table.tolerates:.1%}"
    descriptions = {
        LANDED: "The newest attempt to fetch and read it succeeded; if not, the message says what to do.",
        ROWS: f"Between {table.rows[0]} and {table.rows[1]} rows.",
        CONTRACT: f"No row or file is in quarantine; beyond {rate} of the rows or 5% of the files, the table would fail.",
        LEGIBLE: "No text was read in another encoding than it was written in, or has characters that nobody sees.",
        DRIFT: "As many rows as before, columns as full, values spread alike, and the same values in the same rows.",
    }
    key = landing_key(source.name, table.name)
    return [dg.AssetCheckSpec(name, asset=key, description=text) for name, text in descriptions.items()]


class Wish(dg.Config):
    """Say in the config of a run that a source is wanted although ``SOURCES`` does not name it."""

    is_wanted: bool = Field(default=False, description="Land this source in this run, although SOURCES does not name it.")


def _why_not(source: Source) -> str:
    """Return the message for a source that nobody named."""
    licence = "" if source.licence_class == "open" else f" Its licence: {source.licence} ({source.licence_class})."
    config = f"ops: {{land_{source.name}: {{config: {{is_wanted: true}}}}}}"
    return (
        f"{source.name} is skipped, since SOURCES does not name it.{licence} "
        f"To land it, name it there, or write in the config of the run: {config}"
    )


def landing_assets(source: Source) -> dg.AssetsDefinition:
    """Fetch, archive, parse and land every table of one source; one that fails keeps its last good landing."""

    @dg.multi_asset(
        name=f"land_{source.name}",
        specs=[_spec(source, table) for table in source.tables],
        check_specs=[check for table in source.tables for check in _check_specs(source, table)],
        can_subset=True,
    )
    def land_source(
        context: dg.AssetExecutionContext, config: Wish
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        if not (config.is_wanted or source in sources.selected()):
            context.log.warning(_why_not(source))
            return
        lock.acquire(unattended.patience(context.run.tags))
        problems: list[Problem] = []
        is_transient = False
        with origin_of(source) as origin:
            for table in source.tables:
                if landing_key(source.name, table.name) not in context.selected_asset_keys:
                    continue
                try:
                    landed = land(source, table, origin)
                except InputError as error:
                    problems += error.problems
                    is_transient |= isinstance(error.__cause__, FetchFailed) and error.__cause__.is_transient
                    note_failure(source, table, error)
                    yield _failed(source, table, error)
                    continue
                if landed is None:
                    context.log.info(f"{source.name}: no recording of {table.name}")
                    continue
                for warning in _warnings(landed):
                    context.log.warning(f"{source.name}, {table.name}: {warning}")
                yield _landed(source, table, landed)
        if problems:
            failed = InputError(source.name, problems)
            if is_transient and unattended.is_unattended(context.run.tags) and context.retry_number < unattended.RETRIES:
                raise unattended.retry(context.retry_number) from failed
            raise failed

    return land_source


def _failed(source: Source, table: Table, error: InputError) -> dg.AssetCheckResult:
    """Return the failed check of a table: what is wrong, what to do, and what is used until then."""
    meanwhile = (
        "its last good landing stays in use" if landing_of(source, table) else "nothing of it has landed, so it is left out"
    )
    return dg.AssetCheckResult(
        asset_key=landing_key(source.name, table.name),
        check_name=LANDED,
        passed=False,
        description=f"{error} Until then {meanwhile}.",
    )


def _warnings(landed: Landed) -> list[str]:
    """Return what a person should know of a landing that succeeded."""
    return [text for text in (landed.warning, _quarantined(landed), _doubtful(landed), *landed.drift) if text]


def _doubtful(landed: Landed) -> str | None:
    doubts = [doubt for doubt in landed.quarantined if doubt.is_kept]
    if not doubts:
        return None
    where = f"row {doubts[0].source_row} of {doubts[0].source_file}, column {doubts[0].column_name}"
    return f"{len(doubts)} cells are doubtful, such as {where}: {doubts[0].reason}"


def _quarantined(landed: Landed) -> str | None:
    kept_out = [left_out for left_out in landed.quarantined if not left_out.is_kept]
    if not kept_out:
        return None
    files = [f"{left_out.source_file}: {left_out.reason}" for left_out in kept_out if left_out.source_row is None]
    of_rows = [left_out for left_out in kept_out if left_out.source_row is not None]
    rows = len({(left_out.source_file, left_out.source_row) for left_out in of_rows})
    sentences = [f"{len(files)} files are in quarantine, such as {files[0]}"] if files else []
    if of_rows:
        where = f"row {of_rows[0].source_row} of {of_rows[0].source_file}"
        sentences.append(f"{rows} of {landed.rows + rows} rows are in quarantine, such as {where}: {of_rows[0].reason}")
    return "\n".join(sentences)


def _landed(source: Source, table: Table, landed: Landed) -> dg.MaterializeResult[None]:
    files = [
        f"- {file.url} · {file.size:,} bytes · {file.via} {file.retrieved_at} · `{file.sha256[:12]}`" for file in landed.snapshots
    ]
    name = f"landing.{source.name}__{table.name}"
    frame = pl.read_parquet(landing_path(source.name, table.name), n_rows=metadata.PREVIEW_ROWS, glob=False)
    return dg.MaterializeResult(
        landing_key(source.name, table.name),
        metadata={
            **metadata.rows(name, frame, landed.rows),
            "bytes": sum(file.size for file in landed.snapshots),
            "retrieved_at": max(file.retrieved_at for file in landed.snapshots),
            "parsed again": landed.is_new,
            "files": dg.MetadataValue.md("\n".join(files[:FILES_SHOWN])),
        },
        check_results=_check_results(source, table, landed),
    )


def _check_results(source: Source, table: Table, landed: Landed) -> list[dg.AssetCheckResult]:
    """Return the outcome of each check of a landing that succeeded; what is odd about it is a warning, not a failure."""
    outcomes = {
        LANDED: (True, "fetched and read" if landed.is_new else "unchanged since it was last read"),
        ROWS: (landed.warning is None, landed.warning or f"{landed.rows} rows"),
        CONTRACT: (_quarantined(landed) is None, _quarantined(landed) or "all do"),
        LEGIBLE: (_doubtful(landed) is None, _doubtful(landed) or "all is"),
        DRIFT: (not landed.drift, "\n".join(landed.drift) or "nothing has shifted"),
    }
    return [
        dg.AssetCheckResult(
            asset_key=landing_key(source.name, table.name),
            check_name=name,
            passed=passed,
            severity=dg.AssetCheckSeverity.ERROR if name == LANDED else dg.AssetCheckSeverity.WARN,
            description=text,
        )
        for name, (passed, text) in outcomes.items()
    ]


ASSETS = [landing_assets(source) for source in sources.ALL]
