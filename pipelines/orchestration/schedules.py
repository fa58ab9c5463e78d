"""Schedule the unattended runs: each source lands by its own cadence, and old records are removed every night.

The minute, the hour and the day of a source follow from its name: they never change, are the same on every machine and
differ between sources, so that neither this machine nor the publishers see all requests at once.
"""

import hashlib
from dataclasses import replace

import dagster as dg

from pipelines.ingest import sources
from pipelines.ingest.landing import landed_from
from pipelines.ingest.source import Source
from pipelines.orchestration import retention, unattended
from pipelines.orchestration.assets import landing
from pipelines.warehouse import lock


def cron(source: Source) -> str:
    """Return the times in UTC at which a source is fetched, as a cron expression."""
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
            return f"{minute} {hour} {day} {','.join(str(number) for number in range(month % 3 + 1, 13, 3))} *"
        case "yearly":
            return f"{minute} {hour} {day} {month} *"


def _has_ended(source: Source) -> bool:
    return source.cadence == "once" and all(landed_from(source, table) for table in source.tables)


def _landing(source: Source, job: str) -> dg.ScheduleDefinition:
    def plan(_: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if _has_ended(source):
            return dg.SkipReason(f"{source.title} was published once, and has landed.")
        return dg.RunRequest(asset_selection=landing.keys(source), tags=unattended.TAGS | {"source": source.name})

    return dg.ScheduleDefinition(
        name=f"land_{source.name}",
        job_name=job,
        cron_schedule=cron(source),
        execution_timezone="UTC",
        execution_fn=plan,
        default_status=dg.DefaultScheduleStatus(unattended.status()),
        description=f"{source.title}: {source.cadence}.",
    )


@dg.op(description="Removes what is older than retention keeps.")
def remove_old_records(context: dg.OpExecutionContext) -> None:
    lock.acquire(unattended.patience(context.run.tags))
    retention.tidy(context.instance)


@dg.job(description="Remove runs, logs and archived bytes that nothing refers to any more.", executor_def=dg.in_process_executor)
def tidy() -> None:
    remove_old_records()


def schedules(landing_job: str) -> list[dg.ScheduleDefinition]:
    """Return one schedule for each selected source, and the one that removes old records."""
    nightly = dg.ScheduleDefinition(
        name="tidy_nightly",
        job=tidy,
        cron_schedule="41 2 * * *",
        execution_timezone="UTC",
        tags=unattended.TAGS,
        default_status=dg.DefaultScheduleStatus(unattended.status()),
        description="Every night, 02:41 UTC.",
    )
    return [*(_landing(_as_read(source), landing_job) for source in sources.selected()), nightly]


def _as_read(source: Source) -> Source:
    """Return the source with the cadence at which its bytes may change: those that ship change with the project."""
    return replace(source, cadence="when edited") if sources.is_read_as_shipped(source) else source
