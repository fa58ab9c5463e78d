"""Define the landing assets: one step for each source, one asset for each table."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines import settings
from pipelines.errors import FetchFailed, InputError
from pipelines.ingest import sources
from pipelines.ingest.fetchers import is_live, origin_of
from pipelines.ingest.landing import Landed, land, note_failure
from pipelines.ingest.source import Source, Table
from pipelines.orchestration import run_settings, unattended
from pipelines.orchestration.assets import outcomes, parts, promises
from pipelines.orchestration.assets.outcomes import landing_key
from pipelines.orchestration.ui import metadata
from pipelines.warehouse import lock

OWNER = "team:nextvalley"

#: The start of the name of every step that lands a source, and of no other.
PREFIX = "land_"

#: Days between two landings, by cadence; a source that was published once is tried monthly until it has landed.
DAYS = {"once": 31, "when edited": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}

#: Missed landings after which a source is stale; one late run is not alarming.
LATE = 2

#: Days after which a source that was published once counts as stale.
FOR_EVER = 3660


def keys(source: Source) -> list[dg.AssetKey]:
    """Return the keys of the landing assets of a source."""
    return [landing_key(source, table) for table in source.tables]


def stale_after(cadence: str) -> int:
    """Return the days after which what is made at this cadence is stale."""
    return FOR_EVER if cadence == "once" else LATE * DAYS[cadence] + 1


def freshness(cadence: str) -> dg.FreshnessPolicy:
    """Return the policy that warns after one missed time and fails after ``LATE``."""
    warn = None if cadence == "once" else timedelta(days=DAYS[cadence] + 1)
    return dg.FreshnessPolicy.time_window(fail_window=timedelta(days=stale_after(cadence)), warn_window=warn)


def _spec(source: Source, table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        landing_key(source, table),
        description=f"{source.title}: {table.title[0].lower()}{table.title[1:]}",
        group_name="landing",
        kinds={"python", "parquet"},
        owners=[OWNER],
        tags={"licence_class": source.licence_class, "source": source.name},
        freshness_policy=freshness(source.cadence),
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


class Anew(dg.Config):
    """Name, in the config of a run, the parts of a source to fetch anew."""

    anew: list[str] = Field(
        default_factory=list,
        description="Quarters, editions, cities or the like to fetch again, changed or not; of the rest, only what is missing.",
    )


def _why_not(source: Source) -> str:
    """Return the message for a source that nobody named."""
    licence = "" if source.licence_class == "open" else f" Its licence: {source.licence} ({source.licence_class})."
    config = f"resources: {{{run_settings.KEY}: {{config: {{sources: '{settings.SOURCES.value()},{source.name}'}}}}}}"
    return (
        f"{source.name} is skipped, since SOURCES does not name it.{licence} "
        f"To land it, name it there, or write in the config of the run: {config}"
    )


Outcomes = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]

#: How the landing of a table ended; None if the recordings have nothing for it.
Attempt = Landed | InputError | None

#: Source → what becomes of its tables, where they are landed ahead of the step.
_ahead: dict[str, Future[list[tuple[Table, Attempt]]]] = {}


def landing_assets(source: Source) -> dg.AssetsDefinition:
    """Fetch, archive, parse and land every table of one source; one that fails keeps its last good landing."""

    @dg.multi_asset(
        name=f"{PREFIX}{source.name}",
        specs=[_spec(source, table) for table in source.tables],
        check_specs=[check for table in source.tables for check in outcomes.check_specs(source, table)],
        can_subset=True,
        required_resource_keys={run_settings.KEY},
    )
    def land_source(context: dg.AssetExecutionContext, config: Anew) -> Outcomes:
        yield from _examined(context, source)
        tables = [table for table in source.tables if landing_key(source, table) in context.selected_asset_keys]
        is_selected = source in sources.selected()
        errors: list[InputError] = []
        left_out: dict[Table, str] = {}
        if tables and not is_selected:
            context.log.warning(_why_not(source))
            left_out = dict.fromkeys(tables, _why_not(source))
        results = dict[Table, Attempt]()
        for table, result in _land(context, source, tables if is_selected else [], config.anew):
            results[table] = result
            if isinstance(result, Landed):
                yield outcomes.landed(source, table, result)
            elif isinstance(result, InputError):
                errors.append(result)
                left_out[table] = str(result)
                yield outcomes.failed(source, table, result)
            else:
                left_out[table] = f"{source.name}: no recording of {table.name}"
        yield from _unrecorded(source, results)
        goes_on = any(not node.name.startswith(PREFIX) for node in context.job_def.nodes)
        if errors and (source.is_curated or not goes_on):
            raise _failure(context, source, errors)
        if goes_on:
            for table, why in left_out.items():
                yield outcomes.not_landed(source, table, why, is_selected=is_selected)

    return land_source


def _unrecorded(source: Source, results: Mapping[Table, Attempt]) -> Iterator[dg.AssetCheckResult]:
    """Yield the failed check of a source that a person named and that nothing is recorded of; its first table bears it."""
    if results and not any(results.values()) and sources.is_named_itself(source) and not source.is_local:
        yield outcomes.not_recorded(source, next(iter(results)))


def _examined(context: dg.AssetExecutionContext, source: Source) -> Iterator[dg.AssetCheckResult]:
    """Yield the outcome of each check that is executed without landing its table."""
    alone = promises.executed_alone(context)
    for table in source.tables:
        if names := {check.name for check in alone if check.asset_key == landing_key(source, table)}:
            yield from (result for result in outcomes.examined(source, table) if result.check_name in names)


def _land(
    context: dg.AssetExecutionContext, source: Source, tables: list[Table], anew: list[str]
) -> Iterator[tuple[Table, Attempt]]:
    """Land each table, and yield what became of it."""
    if not tables:
        return
    lock.acquire(unattended.patience(context.run.tags))
    begun = _ahead.pop(source.name, None)
    for table, landed in begun.result() if begun else _attempts(source, tables, anew):
        if isinstance(landed, Landed):
            parts.remember(context.instance, source, table, landed)
        yield table, landed


def _attempts(source: Source, tables: Sequence[Table], anew: list[str]) -> Iterator[tuple[Table, Attempt]]:
    with origin_of(source) as origin:
        for table in tables:
            try:
                yield table, land(source, table, origin, anew)
            except InputError as error:
                note_failure(source, table, error)
                yield table, error


@contextmanager
def ahead() -> Iterator[None]:
    """Land two sources at a time, for the steps that run inside to take up in turn: those that nothing is fetched for.

    Publishers are asked for one file after another.
    """
    with ThreadPoolExecutor(2) as pool:
        for source in sources.selected():
            if not is_live(source):
                _ahead[source.name] = pool.submit(list, _attempts(source, source.tables, []))
        try:
            yield
        finally:
            for begun in _ahead.values():
                begun.cancel()
            _ahead.clear()


def _failure(context: dg.AssetExecutionContext, source: Source, errors: list[InputError]) -> InputError:
    """Return the error of a step whose tables failed, and tag the run if another has to try again."""
    attempt = unattended.next_attempt(context.run.tags)
    if attempt and any(isinstance(error.__cause__, FetchFailed) and error.__cause__.is_transient for error in errors):
        context.instance.add_run_tags(context.run.run_id, {unattended.NEXT: str(attempt)})
    # A file of no known form is named by every table that it might have been for.
    return InputError(source.name, list(dict.fromkeys(problem for error in errors for problem in error.problems)))


ASSETS = [landing_assets(source) for source in sources.ALL]
