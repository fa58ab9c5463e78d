"""When unattended runs happen: each source by its own cadence, a build when something new has landed, tidying every night.

What belongs here: times, and what starts what. What does not: what a run does (``assets``) and who is told when
it fails (``alerts``).

A source's time of day, and its day of a week, month or year, follow from its name: they stay the same from year to year and
on every machine, and differ between sources, so that neither this machine nor the upstreams meet them all at once.
"""

import hashlib

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.ingest import sources
from pipelines.ingest.landing import landed_from
from pipelines.ingest.source import Source
from pipelines.orchestration import retention, unattended
from pipelines.orchestration.assets import landing
from pipelines.publish import state
from pipelines.warehouse import database, fingerprint


def cron(source: Source) -> str:
    """The source's times in UTC, as cron writes them."""
    draws = iter(hashlib.sha256(source.name.encode()).digest())
    minute, hour = next(draws) % 60, next(draws) % 24
    weekday, day, month = next(draws) % 7, next(draws) % 28 + 1, next(draws) % 12 + 1
    match source.cadence:
        case "daily" | "when edited":
            return f"{minute} {hour} * * *"
        case "weekly":
            return f"{minute} {hour} * * {weekday}"
        case "monthly" | "once":
            return f"{minute} {hour} {day} * *"
        case "quarterly":
            return f"{minute} {hour} {day} {','.join(str(one) for one in range(month % 3 + 1, 13, 3))} *"
        case "yearly":
            return f"{minute} {hour} {day} {month} *"


def _is_done(source: Source) -> bool:
    return source.cadence == "once" and all(landed_from(source, table) for table in source.tables)


def _landing(source: Source, land: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    def plan(_: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if _is_done(source):
            return dg.SkipReason(f"{source.title} was published once, and has landed.")
        return dg.RunRequest(asset_selection=landing.keys(source), tags={"source": source.name})

    return dg.ScheduleDefinition(
        name=f"land_{source.name}",
        job=land,
        cron_schedule=cron(source),
        execution_timezone="UTC",
        execution_fn=plan,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{source.title}: {source.cadence}.",
    )


def _build_after(
    land: UnresolvedAssetJobDefinition, build: UnresolvedAssetJobDefinition, status: dg.DagsterRunStatus
) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=f"build_after_landing_{status.value.lower()}",
        run_status=status,
        monitored_jobs=[land],
        request_job=build,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds when a landing has brought something new; a source that failed counts with its last good landing.",
    )
    def after(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        made_from = fingerprint.of_landed()
        if made_from == state.input_fingerprint():
            return dg.SkipReason("Nothing new has landed.")
        # The key holds a second landing that ends before the build begins to one build.
        return dg.RunRequest(run_key=f"{context.dagster_run.run_id} {made_from}")

    return after


@dg.op(description="Forgets what is older than retention keeps.")
def forget(context: dg.OpExecutionContext) -> None:
    database.claim(unattended.patience(context.run.tags))
    retention.tidy(context.instance)


@dg.job(description="Remove runs, logs and archived bytes that nothing refers to any more.", executor_def=dg.in_process_executor)
def tidy() -> None:
    forget()


NIGHTLY = dg.ScheduleDefinition(
    name="tidy_nightly",
    job=tidy,
    cron_schedule="41 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night, 02:41 UTC.",
)


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks runs as failed whose process is gone; the queue would wait for them for ever.",
)
def close_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    return dg.SkipReason(f"{retention.close_dead_runs(context.instance)} runs were closed.")


def schedules(land: UnresolvedAssetJobDefinition) -> list[dg.ScheduleDefinition]:
    """One per selected source, and one that tidies."""
    return [*(_landing(source, land) for source in sources.selected()), NIGHTLY]


def sensors(land: UnresolvedAssetJobDefinition, build: UnresolvedAssetJobDefinition) -> list[dg.SensorDefinition]:
    """A build after landings that brought something, whether all of it landed or not, and the closing of dead runs."""
    ended = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
    return [*(_build_after(land, build, status) for status in ended), close_dead_runs]
