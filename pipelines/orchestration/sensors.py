"""React to what happens: build after a landing, land again or anew, close dead runs, and alert on failures and on stale data."""

import hashlib
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import landed_from
from pipelines.ingest.source import Source
from pipelines.ingest.sources import inbox
from pipelines.orchestration import alerts, failures, retention, unattended
from pipelines.orchestration.assets import landing
from pipelines.publish import state
from pipelines.warehouse import fingerprint

#: Tag of a build that says what had landed when it was asked for.
LANDED = "nextvalley/landed"

#: Name of the step that publishes.
PUBLISHES = "release__nextvalley"

#: Days after which an alert about the same stale data is repeated.
REPEAT_AFTER = 7

#: Seconds without a change after which a file counts as written.
SETTLED = 30


def request_build(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Request a build if a landing brought something new; a source that failed counts with its last good landing."""
    steps = _steps(context.instance, context.dagster_run)
    if PUBLISHES in steps or not any(step.startswith(landing.PREFIX) for step in steps):
        return dg.SkipReason("The run lands nothing, or publishes by itself.")
    landed = fingerprint.of_landed()
    if landed == state.input_fingerprint():
        return dg.SkipReason("Nothing new has landed.")
    ended = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    in_vain = context.instance.get_runs_count(dg.RunsFilter(tags={LANDED: landed}, statuses=ended))
    if in_vain > unattended.RETRIES:
        return dg.SkipReason(f"To build what has landed failed {in_vain} times. It is tried again when something new lands.")
    # The key holds landings that end before the build begins, and bring nothing more, to one build; one that failed may follow.
    key = f"{landed} after {settings.RELEASE.resolve().name}, {in_vain} in vain"
    return dg.RunRequest(run_key=key, tags=unattended.TAGS | {LANDED: landed})


def _steps(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Collection[str]:
    """Return the steps of a run; its job does not tell, since whatever is materialized on the page of an asset has the same."""
    snapshot = run.execution_plan_snapshot_id
    return instance.get_execution_plan_snapshot(snapshot).step_keys_to_execute if snapshot else ()


def request_attempts(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
    """Request another attempt at each landing that failed for the time being, when its pause is over."""
    now = datetime.now(UTC)
    tags = {unattended.NEXT: [str(attempt) for attempt in range(1, unattended.RETRIES + 1)]}
    failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], tags=tags, updated_after=now - timedelta(days=1))
    for record in context.instance.get_run_records(failed):
        run = record.dagster_run
        attempt = run.tags[unattended.NEXT]
        if now.timestamp() >= (record.end_time or 0.0) + unattended.pause(int(attempt), run.run_id):
            yield dg.RunRequest(
                run_key=f"{run.run_id} is followed",
                run_config=run.run_config,
                asset_selection=sorted(run.asset_selection or ()) or None,
                tags={name: run.tags[name] for name in (*unattended.TAGS, "source") if name in run.tags}
                | {unattended.ATTEMPT: attempt},
            )


def request_inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request a landing of the inbox if a file of it is new, changed or gone, once none is being written any more."""
    files = {path.as_posix(): _written(path) for path in inbox.paths()}
    seen = hashlib.sha256(repr(files).encode()).hexdigest()
    if seen == context.cursor:
        return dg.SkipReason("The inbox is as it was.")
    if any(0 <= time.time() - written / 1e9 < SETTLED for written, _ in files.values()):
        return dg.SkipReason("A file of the inbox may still be written.")
    context.update_cursor(seen)
    return dg.RunRequest(asset_selection=landing.keys(inbox.SOURCE), tags=unattended.TAGS | {"source": inbox.NAME})


def _written(path: Path) -> tuple[int, int]:
    """Return when a file was written, in nanoseconds, and its bytes; zeros for a link that leads nowhere, or a file just gone."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def request_new_sources(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request a landing of newly selected sources that have never landed: their next date may be a year away."""
    known = set((context.cursor or "").split())
    selected = sources.selected()
    context.update_cursor(" ".join(source.name for source in selected))
    new = [source for source in selected if source.name not in known and not _has_landed(source)]
    if not new:
        return dg.SkipReason("Every selected source has landed, or its landing was requested before.")
    return dg.RunRequest(asset_selection=[key for source in new for key in landing.keys(source)], tags=unattended.TAGS)


def _has_landed(source: Source) -> bool:
    return any(landed_from(source, table) for table in source.tables)


def landings(landing_job: Any) -> list[dg.SensorDefinition]:
    """Return the sensors that land something; those that do so before its date run where schedules do."""
    again = "Lands a source again some minutes after its server was down."
    changed = "Lands the inbox a minute after a file in it has changed."
    new = "Lands sources that SOURCES has come to name, before their first date."
    return [
        dg.SensorDefinition(
            name=name,
            evaluation_fn=request,
            job=landing_job,
            minimum_interval_seconds=60,
            default_status=dg.DefaultSensorStatus(status),
            description=description,
        )
        for name, request, status, description in (
            ("land_again", request_attempts, "RUNNING", again),
            ("land_changed_inbox", request_inbox, unattended.status(), changed),
            ("land_new_sources", request_new_sources, unattended.status(), new),
        )
    ]


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks runs as failed whose process is gone; the queue would wait for them for ever.",
)
def close_dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    return dg.SkipReason(f"Dead runs closed: {retention.close_dead_runs(context.instance)}.")


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING, description="Alerts the user to each run that fails for good, as settings say."
)
def alert_on_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason:
    run = context.dagster_run
    if unattended.NEXT in run.tags:
        return dg.SkipReason("It is tried again.")
    noted = context.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    reason = (
        failures.why(context.get_step_failure_events())
        or failures.of_process(entry.message for entry in noted)
        or context.failure_event.message
    )
    # Dagster tries again itself what a killed process had begun.
    again = " It is tried again." if run.tags.get("dagster/will_retry") == "true" else ""
    text = f"{reason}\nThe published file stays as it was.{again} Run {run.run_id}."
    # What is materialized in the graph runs in a job that the UI does not name.
    name = "a materialization" if run.job_name.startswith("__") else run.job_name
    _, outcome = alerts.send(f"nextvalley: {name} failed", text)
    return dg.SkipReason(outcome)


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts the user, once and then weekly, to data that have become stale, as settings say.",
)
def alert_on_staleness(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    now = time.time()
    late = alerts.stale(context.instance, now)
    # The days in the text change while the same data stay stale, so the cursor holds only in which week what was late.
    names = {line.split(":")[0] for line in late}
    week = str(int(now // (REPEAT_AFTER * 86_400)))
    told_in, *told = (context.cursor or "").split("\n")
    is_told = names <= set(told) and (told_in == week or not late)
    outcome = f"{len(late)} are stale; an alert was sent before." if late else "Nothing is stale."
    if not is_told:
        is_told, outcome = alerts.send("nextvalley: stale", "\n".join(late))
    if is_told:  # What nobody took is sent again in an hour.
        context.update_cursor("\n".join([week, *sorted(names)]))
    return dg.SkipReason(outcome)


SENSORS = [close_dead_runs, alert_on_failure, alert_on_staleness]
